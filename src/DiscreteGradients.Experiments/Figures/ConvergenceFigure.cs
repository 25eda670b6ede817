using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>Figure 2c from the record of a search: iterations until the validation objective falls to a threshold.</summary>
public static class ConvergenceFigure
{
    private const int Width = 640, LegendWidth = 260, Height = 480, CountTop = 60, CountLine = 30;
    private const double Shift = 0.08;

    /// <summary>Writes figure-2c.svg, .png and .csv: a column an arity and batch size, below the numbers of runs.</summary>
    /// <param name="search">Of the VAE.</param>
    /// <param name="thresholds">Nats; none for some that suit the runs.</param>
    /// <param name="path">Folder of the files.</param>
    /// <exception cref="InputException">It is of another task, or no trial has ended.</exception>
    public static IReadOnlyList<Convergence> Make(SearchFolder search, IReadOnlyList<double> thresholds, string path)
    {
        VaeTrials.Require(search, "Figure 2c");
        var rows = Convergence.Of(search, thresholds);
        if (rows.Count == 0) throw new InputException($"{search.Path} has no trial yet that was trained to its end; expected one at least.");
        AtomicFile.Write(Path.Combine(path, "figure-2c.csv"), Csv(rows));
        var names = rows.Select(row => row.Curve).Distinct(StringComparer.Ordinal).ToList();
        var columns = rows.GroupBy(row => (row.Arity, row.BatchSize)).OrderBy(column => column.Key).Select(column => column.ToList()).ToList();
        using var sheet = new PanelSheet([.. columns.Select(_ => Width), LegendWidth]);
        var panels = columns.ConvertAll(column => Panel(names, column));
        foreach (var panel in panels) sheet.Add(panel.Plot);
        sheet.Add(panels[0].Legend());
        foreach (var column in columns)
            sheet.Add(CountPanel.Of(names, "runs that reach it, of all", Limits(column), column.Select(row => (row.Curve, row.Threshold, Invariant($"{row.Reached}/{row.Runs}")))));
        sheet.Save(path, "figure-2c", Height, CountTop + (CountLine * names.Count));
        return rows;
    }

    private static CurvePanel Panel(List<string> names, List<Convergence> column)
    {
        var panel = new CurvePanel(names, Invariant($"{column[0].Arity}-ary, batch size {column[0].BatchSize}"), "threshold of the validation objective, nats", "iterations to reach it");
        // A little apart, so that equal curves do not hide each other.
        var gap = column.Select(row => row.Threshold).Distinct().Order().ToList() is [var first, var second, ..] ? second - first : 1;
        foreach (var (i, curve) in column.GroupBy(row => row.Curve, StringComparer.Ordinal).Index())
            panel.Add(curve.Key, [.. curve.Select(row => (row.Threshold - (Shift * gap * (i - ((names.Count - 1) / 2.0))), row.Iterations))]);
        panel.LinearX(column.Select(row => row.Threshold).Distinct(), Limits(column));
        return panel;
    }

    // Downwards: to the right is harder.
    private static (double Left, double Right) Limits(List<Convergence> column)
    {
        var (low, high) = (column.Min(row => row.Threshold), column.Max(row => row.Threshold));
        var margin = high > low ? 0.08 * (high - low) : 1;
        return (high + margin, low - margin);
    }

    private static string Csv(IReadOnlyList<Convergence> rows) => "arity,batch-size,curve,threshold,iterations,standard-error,reached,runs\n" + string.Concat(rows.Select(row =>
        Invariant($"{row.Arity},{row.BatchSize},{(row.Curve.Contains(',', StringComparison.Ordinal) ? $"\"{row.Curve}\"" : row.Curve)},{row.Threshold},{row.Iterations?.Value:G7},{(row.Reached > 1 ? row.Iterations?.Error : null):G4},{row.Reached},{row.Runs}\n")));
}
