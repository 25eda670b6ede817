using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figure 2c from the record of a search: iterations until the validation objective falls to a threshold.</summary>
internal static class ConvergenceFigure
{
    private const int CountTop = 60, CountLine = 30;
    private const double Shift = 0.08;

    /// <summary>Writes figure-2c.svg, .png and .csv: a column an arity and batch size, below the numbers of runs.</summary>
    /// <param name="thresholds">Nats; none for some that suit the runs.</param>
    /// <exception cref="InputException">It is of another task, or no trial has ended.</exception>
    public static IReadOnlyList<Convergence> Make(SearchFolder search, IReadOnlyList<double> thresholds, string path)
    {
        VaeTrials.Require(search, "Figure 2c");
        var rows = Convergence.Of(search, thresholds);
        if (rows.Count == 0)
            throw new InputException($"{search.Path} has no trial yet that was trained to its end; expected one at least.");
        AtomicFile.Write(Path.Combine(path, "figure-2c.csv"), Numbers(rows).Csv());
        var curves = rows.DistinctBy(row => row.Curve, StringComparer.Ordinal).GroupBy(row => row.Estimator)
            .SelectMany(same => same.Index()).ToDictionary(one => one.Item.Curve,
                one => CurveStyle.Of(one.Item.Estimator, one.Index, one.Item.Varied), StringComparer.Ordinal);
        var columns = rows.GroupBy(row => (row.Arity, row.BatchSize)).OrderBy(column => column.Key)
            .Select(column => column.ToList()).ToList();
        using var sheet = PanelSheet.WithLegend(columns.Count, curves.Values,
            Invariant($"Of {search.Spec.Trials} trials a curve; iterations are interpolated between validations; bars: ± one standard error over runs that reach the threshold."));
        foreach (var column in columns) sheet.Add(Panel(curves, column));
        sheet.Add(CurvePanel.Legend(curves.Values));
        foreach (var column in columns)
        {
            sheet.Add(CurvePanel.Counts([.. curves.Values.Select(curve => curve.Name)], "runs that reach it, of all",
                Limits(column),
                column.Select(row => (curves[row.Curve].Name, row.Threshold, Invariant($"{row.Reached}/{row.Runs}")))));
        }
        sheet.Save(path, "figure-2c", CountTop + CountLine * curves.Count);
        return rows;
    }

    private static ScottPlot.Plot Panel(Dictionary<string, CurveStyle> curves, List<Convergence> column)
    {
        var title = Invariant($"{column[0].Arity}-ary, batch size {column[0].BatchSize}");
        var panel = new CurvePanel(title, "threshold of the validation objective, nats", "iterations to reach it");
        // A little apart, so that equal curves do not hide each other.
        var gap = column.Select(row => row.Threshold).Distinct().Order().ToList() is [var first, var second, ..]
            ? second - first : 1;
        foreach (var (i, curve) in column.GroupBy(row => row.Curve, StringComparer.Ordinal).Index())
            panel.Add(curves[curve.Key],
                curve.Select(row => (row.Threshold - Shift * gap * (i - (curves.Count - 1) / 2.0), row.Iterations)));
        panel.LinearX(column.Select(row => row.Threshold).Distinct(), Limits(column));
        return panel.Plot;
    }

    // Downwards: to the right is harder.
    private static (double Left, double Right) Limits(List<Convergence> column)
    {
        var (low, high) = (column.Min(row => row.Threshold), column.Max(row => row.Threshold));
        var margin = high > low ? 0.08 * (high - low) : 1;
        return (high + margin, low - margin);
    }

    private static Table Numbers(IReadOnlyList<Convergence> rows) => Table.Of(
        rows,
        new("arity", row => row.Arity), new("batch-size", row => row.BatchSize), new("curve", row => row.Curve),
        new("threshold", row => row.Threshold), new("iterations", row => row.Iterations?.Value, "G7"),
        new("standard-error", row => row.Reached > 1 ? row.Iterations?.Error : null, "G4"),
        new("reached", row => row.Reached),
        new("runs", row => row.Runs));
}

/// <summary>The iterations in which the runs of one curve of Figure 2c reach a threshold.</summary>
/// <param name="Varied">Whatever else the grid varies, as in "temperature 0.5"; empty for nothing.</param>
/// <param name="Threshold">A value of the validation objective, nats.</param>
/// <param name="Iterations">The mean over the runs that reach it; null where none does.</param>
/// <param name="Reached">Runs that reach it.</param>
internal sealed record Convergence(int Arity, int BatchSize, EstimatorName Estimator, string Varied, double Threshold,
    Estimate? Iterations, int Reached, int Runs)
{
    private const int MostLevels = 10;

    /// <summary>The name of the curve in the file of numbers.</summary>
    public string Curve => Varied.Length > 0 ? $"{Estimator}, {Varied}" : $"{Estimator}";

    /// <summary>Every curve at every threshold, from the runs that completed or diverged. An iteration is that at which a
    /// straight line from the last validation above the threshold to the first at or below it crosses it.</summary>
    /// <param name="thresholds">Nats; none for levels between where the runs are after a tenth of the steps and the best any
    /// run reached, for each arity and batch size.</param>
    public static IReadOnlyList<Convergence> Of(SearchFolder search, IReadOnlyList<double> thresholds)
    {
        var runs = SearchIndex.Load(search).Where(state => state.Record?.Status is RunStatus.Completed or RunStatus.Diverged)
            .Select(state => (Place: VaeTrials.CellOf(state.Trial), Varied: VaeTrials.VariedIn(state.Trial.Cell),
                Curve: ValidationPoint.Of(search, state.Trial)));
        return [.. from panel in runs.GroupBy(run => (run.Place.Arity, run.Place.BatchSize))
                   let levels = thresholds.Count > 0
                       ? thresholds
                       : Levels([.. panel.Select(run => run.Curve)], search.Plan(search.Trials[0]).Steps)
                   from curve in panel.GroupBy(run => (run.Place.Estimator, run.Varied), run => run.Curve)
                   from level in levels.OrderDescending()
                   select Reach(panel.Key.Arity, panel.Key.BatchSize, curve.Key, level, [.. curve])];
    }

    private static Convergence Reach(int arity, int batchSize, (EstimatorName Estimator, string Varied) curve, double threshold,
        List<IReadOnlyList<ValidationPoint>> runs)
    {
        var steps = runs.Select(run => Crossing(run, threshold)).OfType<double>().ToList();
        Estimate? mean = steps.Count > 0 ? Estimate.Mean(steps) : null;
        return new(arity, batchSize, curve.Estimator, curve.Varied, threshold, mean, steps.Count, runs.Count);
    }

    private static double? Crossing(IReadOnlyList<ValidationPoint> run, double threshold)
    {
        var reached = run.Index().FirstOrDefault(point => point.Item.Bound <= threshold, (-1, null!));
        if (reached.Index < 0) return null;
        if (reached.Index == 0) return reached.Item.Step;
        var before = run[reached.Index - 1];
        return before.Step + (reached.Item.Step - before.Step) * (before.Bound - threshold) / (before.Bound - reached.Item.Bound);
    }

    // Multiples of 1, 2 or 5 times a power of ten, ten steps at most.
    private static List<double> Levels(List<IReadOnlyList<ValidationPoint>> curves, int steps)
    {
        var known = curves.Where(curve => curve.Count > 0).ToList();
        if (known.Count == 0) return [];
        var early = known.Select(curve => (curve.FirstOrDefault(point => point.Step * 10 >= steps) ?? curve[^1]).Bound).Order()
            .ToList();
        var (top, bottom) = (early[early.Count / 2], known.Min(curve => curve.Min(point => point.Bound)));
        double[] spacings = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
        var spacing = spacings.FirstOrDefault(step => (top - bottom) / step <= MostLevels, 1000);
        var (first, last) = ((int)Math.Ceiling(bottom / spacing), (int)Math.Floor(top / spacing));
        return first > last ? [Math.Ceiling(bottom)]
            : [.. Enumerable.Range(first, last - first + 1).Select(k => Math.Round(k * spacing, 1))];
    }
}
