using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tradeoff;

/// <summary>Variance against time as pictures: cost.svg of all estimators, and cost-NAME.svg of each family with the others
/// in grey behind it; and the numbers, cost.csv.</summary>
internal static class TradeoffFigure
{
    public static void Save(IReadOnlyList<TradeoffRow> rows, TradeoffSettings settings, string path)
    {
        var families = rows.GroupBy(row => row.Family, StringComparer.Ordinal).ToList();
        Draw(null, "cost");
        foreach (var family in families) Draw(family.Key, "cost-" + family.Key.Replace(':', '-'));
        AtomicFile.Write(Path.Combine(path, "cost.csv"), Numbers(rows, settings).Csv());

        void Draw(string? only, string name)
        {
            var styles = families.ConvertAll(family => Style(family, only));
            using var sheet = PanelSheet.WithLegend(settings.Arities.Count, styles);
            foreach (var arity in settings.Arities)
            {
                var panel = new CurvePanel(Invariant($"n = {arity}, τ = {settings.Temperature}"), "milliseconds a gradient",
                    "relative variance");
                panel.LogarithmicX();
                panel.LogarithmicY();
                foreach (var family in families.OrderBy(family => family.Key == only))
                {
                    panel.Add(Style(family, only), family.Where(row => row.Arity == arity)
                        .Select(row => (row.Milliseconds.Median, (Estimate?)row.Trace)));
                    var labelled = family.Where(row => row.Arity == arity && row.Estimator.Samples is not null
                        && row.Trace.Value > 0 && (only ?? family.Key) == family.Key).ToList();
                    // Between the ends powers of ten are enough.
                    foreach (var row in labelled.Where(row => row == labelled[0] || row == labelled[^1]
                        || Math.Log10(row.Estimator.Samples!.Value) % 1 == 0))
                        panel.Label(Invariant($"K = {row.Estimator.Samples}"), row.Milliseconds.Median, row.Trace.Value);
                }
                sheet.Add(panel.Plot);
            }
            sheet.Add(CurvePanel.Legend(styles));
            sheet.Save(path, name);
        }
    }

    public static string Text(IReadOnlyList<TradeoffRow> rows) => Table.Of(
        rows,
        new("estimator", row => row.Estimator), new("n", row => row.Arity),
        new("ms", row => row.Milliseconds.Median, "F3"),
        new("variance", row => Estimate.Text(row.Trace, "F4", "F4")),
        new("squared bias", row => Estimate.Text(row.SquaredBias, "F4", "F4")),
        new("scale-free error", row => Estimate.Text(row.ScaleFreeError, "F4", "F4"))).Plain();

    private static CurveStyle Style(IGrouping<string, TradeoffRow> family, string? only)
    {
        var style = CurveStyle.OfFamily(family.First().Estimator);
        return only is null || family.Key == only ? style : style.Faded();
    }

    private static Table Numbers(IReadOnlyList<TradeoffRow> rows, TradeoffSettings settings) => Table.Of(
        rows,
        new("arity", row => row.Arity), new("temperature", _ => settings.Temperature),
        new("estimator", row => row.Estimator), new("milliseconds", row => row.Milliseconds.Median, "G4"),
        new("milliseconds-low", row => row.Milliseconds.Low, "G4"),
        new("milliseconds-high", row => row.Milliseconds.High, "G4"),
        new("relative-variance", row => row.Trace.Value, "G6"),
        new("relative-variance-error", row => row.Trace.Error, "G3"),
        new("relative-squared-bias", row => row.SquaredBias.Value, "G6"),
        new("relative-squared-bias-error", row => row.SquaredBias.Error, "G3"),
        new("scale-free-error", row => row.ScaleFreeError.Value, "G6"),
        new("scale-free-error-error", row => row.ScaleFreeError.Error, "G3"),
        new("draws", _ => settings.Draws),
        new("seed", _ => settings.Seed));
}
