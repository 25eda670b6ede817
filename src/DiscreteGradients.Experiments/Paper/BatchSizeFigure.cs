using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figure 4 from the record of a search: the test bound of the best validated trial, against the batch size and
/// against K.</summary>
internal static class BatchSizeFigure
{
    private const int PaperBatchSize = 20;

    /// <summary>Writes figure-4.svg, .png and .csv: a column an arity; above the bound against the batch size, a curve an
    /// estimator, below against K at batch size 20. A cell whose best is not tested yet is left out of the picture.</summary>
    /// <exception cref="InputException">It is of another task, or no cell is tested yet.</exception>
    public static void Make(SearchFolder search, string path)
    {
        VaeTrials.Require(search, "Figure 4");
        var cells = CellOutcome.Of(search, SearchIndex.Load(search));
        if (!cells.Any(cell => cell.Final is not null))
            throw new InputException($"{search.Path} has no cell yet whose best trial is tested; expected one at least.");
        AtomicFile.Write(Path.Combine(path, "figure-4.csv"), Numbers(cells).Csv());
        var variants = cells.Select(cell => cell.Varied).Distinct(StringComparer.Ordinal).ToList();
        var points = (from cell in cells
                      where cell.Final is not null
                      let place = cell.Place
                      let variant = variants.IndexOf(cell.Varied)
                      select new Point(place.Arity, place.BatchSize, place.Estimator, cell.Final!.Test,
                          CurveStyle.Of(place.Estimator, variant, cell.Varied),
                          CurveStyle.OfFamily(place.Estimator, "K", variant, cell.Varied), place.BatchSize)).ToList();
        var (ofSize, ofSamples) = (OfSize(points), OfSamples(points));
        var arities = points.Select(point => point.Arity).Distinct().Order().ToList();
        var (above, below) = (Curves(ofSize), Curves(ofSamples));
        using var sheet = PanelSheet.WithLegend(arities.Count, above.Concat(below), "Bars: ± one standard error over images.");
        var steps = search.Trials.Select(trial => search.Plan(trial).Steps).Distinct().Order()
            .Select(count => Invariant($"{count:N0}"));
        var runs = Invariant($"best of {search.Spec.Trials} runs of {string.Join(" or ", steps)} steps");
        foreach (var arity in arities)
            sheet.Add(Panel(Invariant($"{arity}-ary, {runs}"), "batch size", ofSize.Where(point => point.Arity == arity)));
        sheet.Add(CurvePanel.Legend(above));
        if (ofSamples.Count > 0)
        {
            foreach (var arity in arities)
                sheet.Add(Panel(Invariant($"{arity}-ary, batch size {PaperBatchSize}"), "K",
                    ofSamples.Where(point => point.Arity == arity)));
            sheet.Add(CurvePanel.Legend(below));
        }
        sheet.Save(path, "figure-4");
    }

    private static List<CurveStyle> Curves(List<Point> points) =>
        [.. points.Select(point => point.Curve).DistinctBy(curve => curve.Name, StringComparer.Ordinal)];

    // An estimator at a single batch size among others that have several is there for the lower row.
    private static List<Point> OfSize(List<Point> points)
    {
        var curves = points.GroupBy(point => (point.Arity, point.Curve)).ToList();
        var several = curves.Where(curve => curve.Count() > 1).ToList();
        return [.. (several.Count > 0 ? several : curves).SelectMany(curve => curve)];
    }

    // "gr-mc:100" is the point of GR-MCK at 100; ST-GS, in law GR-MC1, stands beside where there are such curves.
    private static List<Point> OfSamples(List<Point> points)
    {
        var there = points.Where(point => point.BatchSize == PaperBatchSize).ToList();
        var curves = there.Where(point => point.Estimator.Samples is not null)
            .Select(point => point with { X = point.Estimator.Samples!.Value, Curve = point.Family })
            .ToList();
        var single = there.Where(point => point.Estimator.Family == EstimatorFamily.StraightThroughGumbelSoftmax)
            .Select(point => point with { X = 1 });
        return curves.Count > 0 ? [.. single, .. curves] : [];
    }

    private static ScottPlot.Plot Panel(string title, string axis, IEnumerable<Point> points)
    {
        var known = points.OrderBy(point => point.X).ToList();
        var samples = known.Select(point => point.Test.Samples).Distinct().Order();
        var panel = new CurvePanel(title, axis, $"test bound, nats (M = {string.Join(", ", samples)})");
        panel.LogarithmicX(known.Select(point => point.X).Distinct().Select(x => (double)x));
        foreach (var curve in known.GroupBy(point => point.Curve))
            panel.Add(curve.Key,
                curve.Select(point => ((double)point.X, (Estimate?)new Estimate(point.Test.Value, point.Test.StandardError))));
        return panel.Plot;
    }

    private static Table Numbers(IReadOnlyList<CellOutcome> cells) => Table.Of(
        cells.OrderBy(cell => cell.Place.Arity).ThenBy(cell => cell.Place.BatchSize),
        [
            new("arity", cell => cell.Place.Arity), new("batch-size", cell => cell.Place.BatchSize),
            new("estimator", cell => cell.Place.Estimator),
            .. cells.Any(cell => cell.Varied.Length > 0)
                ? [new("grid", cell => cell.Varied)] : Array.Empty<Column<CellOutcome>>(),
            new("test", cell => cell.Final?.Test.Value, "F4"),
            new("standard-error", cell => cell.Final?.Test.StandardError, "F4"),
            new("samples", cell => cell.Final?.Test.Samples), new("images", cell => cell.Final?.Test.Examples),
            new("validation", cell => cell.Final?.Validation.Value, "F4"),
            new("paper-test", cell => PublishedBounds.Find(cell.Place)?.Test, "F1"),
            new("trials", cell => cell.Trials.Count),
            new("best-trial", cell => cell.Final is null ? null : cell.Best?.Trial.Index),
        ]);

    /// <param name="Curve">That of the estimator, or where the points of one are joined along K, that of its family.</param>
    private sealed record Point(int Arity, int BatchSize, EstimatorName Estimator, Score Test, CurveStyle Curve,
        CurveStyle Family, int X);
}
