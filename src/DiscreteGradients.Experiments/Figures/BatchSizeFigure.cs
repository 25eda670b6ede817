using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>Figure 4 from the record of a search: the test bound of the best validated trial, against the batch size and
/// against K.</summary>
public static class BatchSizeFigure
{
    private const int Width = 640, LegendWidth = 260, Height = 480, PaperBatchSize = 20;

    /// <summary>Writes figure-4.svg, .png and .csv: a column an arity; above the bound against the batch size, a curve an
    /// estimator, below against K at batch size 20. A cell whose best is not tested yet is left out of the picture.</summary>
    /// <param name="search">Of the VAE.</param>
    /// <param name="path">Folder of the files.</param>
    /// <exception cref="InputException">It is of another task, or no cell is tested yet.</exception>
    public static void Make(SearchFolder search, string path)
    {
        VaeTrials.Require(search, "Figure 4");
        var cells = CellOutcome.Of(search, SearchIndex.Load(search));
        if (!cells.Values.Any(cell => cell.Final is not null)) throw new InputException($"{search.Path} has no cell yet whose best trial is tested; expected one at least.");
        AtomicFile.Write(Path.Combine(path, "figure-4.csv"), Csv(cells));
        var points = cells.Where(cell => cell.Value.Final is not null).Select(cell => new Point(cell.Key.Arity, cell.Key.BatchSize, cell.Key.Estimator, cell.Value.Final!.Test)).ToList();
        var (ofSize, ofSamples) = (OfSize(points), OfSamples(points));
        var names = ofSize.Concat(ofSamples).Select(point => point.Curve).Distinct(StringComparer.Ordinal).ToList();
        var arities = points.Select(point => point.Arity).Distinct().Order().ToList();
        using var sheet = new PanelSheet([.. arities.Select(_ => Width), LegendWidth]);
        var runs = Invariant($"best of {search.Spec.Trials} runs of {search.Plan(search.Trials[0]).Steps:N0} steps");
        CurvePanel? panel = null;
        foreach (var arity in arities) sheet.Add((panel = Panel(names, Invariant($"{arity}-ary, {runs}"), "batch size", ofSize.Where(point => point.Arity == arity))).Plot);
        sheet.Add(panel!.Legend());
        if (ofSamples.Count > 0)
        {
            foreach (var arity in arities) sheet.Add(Panel(names, Invariant($"{arity}-ary, batch size {PaperBatchSize}"), "K", ofSamples.Where(point => point.Arity == arity)).Plot);
        }
        sheet.Save(path, "figure-4", Height);
    }

    // An estimator at a single batch size among others that have several is there for the lower row.
    private static List<Point> OfSize(List<Point> points)
    {
        var curves = points.GroupBy(point => (point.Arity, point.Curve)).ToList();
        var several = curves.Where(curve => curve.Count() > 1).ToList();
        return [.. (several.Count > 0 ? several : curves).SelectMany(curve => curve)];
    }

    // "gr-mc:100" is the point of "gr-mc:K" at 100; st-gs, in law gr-mc:1, stands beside where there are such curves.
    private static List<Point> OfSamples(List<Point> points)
    {
        var there = points.Where(point => point.BatchSize == PaperBatchSize).ToList();
        var curves = there.Where(point => point.Estimator.Samples is not null)
            .Select(point => point with { X = point.Estimator.Samples!.Value, Curve = point.Estimator.With("K") }).ToList();
        var single = there.Where(point => point.Estimator.Family == EstimatorFamily.StraightThroughGumbelSoftmax).Select(point => point with { X = 1 });
        return curves.Count > 0 ? [.. single, .. curves] : [];
    }

    private static CurvePanel Panel(IReadOnlyList<string> names, string title, string axis, IEnumerable<Point> points)
    {
        var known = points.ToList();
        var samples = known.Select(point => point.Test.Samples).Distinct().Order();
        var panel = new CurvePanel(names, title, axis, $"test bound, nats (M = {string.Join(", ", samples)})");
        panel.LogarithmicX(known.Select(point => point.X).Distinct().Select(x => (double)x));
        foreach (var curve in known.GroupBy(point => point.Curve, StringComparer.Ordinal))
            panel.Add(curve.Key, [.. curve.OrderBy(point => point.X).Select(point => ((double)point.X, (Estimate?)new Estimate(point.Test.Value, point.Test.StandardError)))]);
        return panel;
    }

    private static string Csv(Dictionary<(EstimatorName Estimator, int BatchSize, int Arity), CellOutcome> cells) =>
        "arity,batch-size,estimator,test,standard-error,samples,images,validation,paper-test,trials,best-trial\n" + string.Concat(
            cells.OrderBy(cell => (cell.Key.Arity, cell.Key.BatchSize)).Select(cell => (cell.Key, cell.Value.Final, cell.Value.Trials, cell.Value.Best, Paper: Paper(cell.Key))).Select(row =>
                Invariant($"{row.Key.Arity},{row.Key.BatchSize},{row.Key.Estimator},{row.Final?.Test.Value:F4},{row.Final?.Test.StandardError:F4},{row.Final?.Test.Samples},{row.Final?.Test.Examples},")
                + Invariant($"{row.Final?.Validation.Value:F4},{row.Paper:F1},{row.Trials.Count},{(row.Final is null ? null : row.Best?.Trial.Index)}\n")));

    private static double? Paper((EstimatorName, int, int) key) =>
        (PaperTable.Bounds(3).GetValueOrDefault(key) ?? PaperTable.Bounds(2).GetValueOrDefault(key))?.Test;

    private sealed record Point(int Arity, int BatchSize, EstimatorName Estimator, Score Test)
    {
        public string Curve { get; init; } = $"{Estimator}";

        public int X { get; init; } = BatchSize;
    }
}
