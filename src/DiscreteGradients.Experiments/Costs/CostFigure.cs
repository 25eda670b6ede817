using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Costs;

/// <summary>Variance against cost as pictures: cost.svg of all estimators, and cost-NAME.svg of each family with the others
/// in grey behind it; and the numbers, cost.csv.</summary>
public static class CostFigure
{
    private const int Width = 560, LegendWidth = 200, Height = 420;

    /// <summary>Writes the files.</summary>
    /// <param name="rows">Measured.</param>
    /// <param name="settings">Of the measurement.</param>
    /// <param name="path">Folder, there already.</param>
    public static void Save(IReadOnlyList<CostRow> rows, CostSettings settings, string path)
    {
        var families = rows.Select(row => row.Family).Distinct(StringComparer.Ordinal).ToList();
        Draw(null, "cost");
        foreach (var family in families) Draw(family, "cost-" + family.Replace(':', '-'));
        AtomicFile.Write(Path.Combine(path, "cost.csv"), Csv(rows, settings));

        void Draw(string? only, string name)
        {
            using var sheet = new PanelSheet([.. settings.Arities.Select(_ => Width), LegendWidth]);
            CurvePanel? panel = null;
            foreach (var arity in settings.Arities) sheet.Add((panel = Panel(arity, only)).Plot);
            sheet.Add(panel!.Legend());
            sheet.Save(path, name, Height);
        }

        CurvePanel Panel(int arity, string? only)
        {
            var panel = new CurvePanel(families, Invariant($"n = {arity}, τ = {settings.Temperature}"), "log₁₀ milliseconds a gradient", "log₁₀ relative variance") { Emphasis = only };
            foreach (var family in families)
                panel.Add(family, [.. rows.Where(row => row.Arity == arity && row.Family == family).Select(row => (Math.Log10(row.Milliseconds.Median), row.Log10Trace))]);
            return panel;
        }
    }

    /// <summary>A line an estimator.</summary>
    public static string Csv(IReadOnlyList<CostRow> rows, CostSettings settings) =>
        "arity,temperature,estimator,milliseconds,milliseconds-low,milliseconds-high,relative-variance,relative-variance-error,relative-squared-bias,relative-squared-bias-error,draws,seed\n"
        + string.Concat(rows.Select(row =>
            Invariant($"{row.Arity},{settings.Temperature},{row.Estimator},{row.Milliseconds.Median:G4},{row.Milliseconds.Low:G4},{row.Milliseconds.High:G4},")
            + Invariant($"{row.Trace.Value:G6},{row.Trace.Error:G3},{row.SquaredBias.Value:G6},{row.SquaredBias.Error:G3},{settings.Draws},{settings.Seed}\n")));

    /// <summary>The rows for a terminal.</summary>
    public static string Text(IReadOnlyList<CostRow> rows) => string.Join('\n', rows.Select(row => Invariant(
        $"n = {row.Arity,2}  {row.Estimator,-14} {row.Milliseconds.Median,8:F3} ms  variance {row.Trace.Value,9:F4} ± {row.Trace.Error:F4}  squared bias {row.SquaredBias.Value,8:F4} ± {row.SquaredBias.Error:F4}")));
}
