using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Search;
using Outcome = (DiscreteGradients.Experiments.Search.SearchFolder Search, DiscreteGradients.Experiments.Search.CellOutcome Cell);

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figure 4 from the record of a search, or of several that complete each other: the test bound of the best validated
/// trial, against the batch size and against K.</summary>
internal static class BatchSizeFigure
{
    private const int PaperBatchSize = 20;

    /// <summary>Writes figure-4.svg, .png and .csv: a column an arity; above the bound against the batch size, a curve an
    /// estimator, below against K at batch size 20. A cell whose best is not tested yet is left out of the picture.</summary>
    /// <exception cref="InputException">A search is of another task, two have one cell, or no cell is tested yet.</exception>
    public static void Make(IReadOnlyList<SearchFolder> searches, string path)
    {
        foreach (var search in searches) VaeTrials.Require(search, "Figure 4");
        var outcomes = (from search in searches
                        from cell in CellOutcome.Of(search, SearchIndex.Load(search))
                        select (Search: search, Cell: cell)).ToList();
        foreach (var same in outcomes.GroupBy(one => (one.Cell.Place, one.Cell.Varied)).Where(same => same.Count() > 1))
        {
            var (estimator, size, arity) = same.Key.Place;
            var both = string.Join(" and ", same.Select(one => one.Search.Path));
            throw new InputException(
                Invariant($"{both}: each has {estimator} with {arity} categories at batch size {size}; expected it in one."));
        }
        if (!outcomes.Exists(one => one.Cell.Final is not null))
            throw new InputException(
                $"{string.Join(", ", searches.Select(search => search.Path))}: no cell yet whose best trial is tested; expected one at least.");
        AtomicFile.Write(Path.Combine(path, "figure-4.csv"), Numbers(outcomes, searches.Count > 1).Csv());
        var cells = outcomes.ConvertAll(one => one.Cell);
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
        var steps = searches.SelectMany(search => search.Trials.Select(trial => search.Plan(trial).Steps)).Distinct().Order()
            .Select(count => Invariant($"{count:N0}"));
        var trials = searches.Select(search => search.Spec.Trials).Distinct().Order();
        var runs = $"best of {string.Join(" or ", trials)} runs of {string.Join(" or ", steps)} steps";
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

    private static Table Numbers(IEnumerable<Outcome> outcomes, bool withSearch)
    {
        var rows = outcomes.OrderBy(one => one.Cell.Place.Arity).ThenBy(one => one.Cell.Place.BatchSize).ToList();
        return Table.Of(
            rows,
            [
                new("arity", one => one.Cell.Place.Arity), new("batch-size", one => one.Cell.Place.BatchSize),
                new("estimator", one => one.Cell.Place.Estimator),
                .. Given(rows.Exists(one => one.Cell.Varied.Length > 0), "grid", one => one.Cell.Varied),
                new("test", one => one.Cell.Final?.Test.Value, "F4"),
                new("standard-error", one => one.Cell.Final?.Test.StandardError, "F4"),
                new("samples", one => one.Cell.Final?.Test.Samples), new("images", one => one.Cell.Final?.Test.Examples),
                new("validation", one => one.Cell.Final?.Validation.Value, "F4"),
                new("paper-test", one => PublishedBounds.Find(one.Cell.Place)?.Test, "F1"),
                new("trials", one => one.Cell.Trials.Count),
                new("best-trial", one => one.Cell.Final is null ? null : one.Cell.Best?.Trial.Index),
                .. Given(withSearch, "search", one => Path.GetFileName(one.Search.Path)),
            ]);
    }

    private static Column<Outcome>[] Given(bool isGiven, string heading, Func<Outcome, object?> cell) =>
        isGiven ? [new(heading, cell)] : [];

    /// <param name="Curve">That of the estimator, or where the points of one are joined along K, that of its family.</param>
    private sealed record Point(int Arity, int BatchSize, EstimatorName Estimator, Score Test, CurveStyle Curve,
        CurveStyle Family, int X);
}
