using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>Figure 1 of the paper: contours of the quadratic programme over the simplex, and by how much GR-MCK has less
/// variance than ST-GS at three temperatures; figure-1.svg, .png and .csv.</summary>
public static class Figure1
{
    /// <summary>Measures what is not measured yet, and draws.</summary>
    /// <param name="settings">Validated.</param>
    /// <param name="path">Of the files; the measurements are kept in figure-1 below it.</param>
    /// <param name="threads">Points at once; the numbers do not depend on it.</param>
    /// <param name="progress">Told how many points are done.</param>
    /// <param name="cancellation">Stops between points.</param>
    /// <returns>One a point of the <see cref="TriangleGrid"/>.</returns>
    public static IReadOnlyList<Figure1Point> Make(Figure1Settings settings, string path, int threads, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        var grid = new TriangleGrid(settings.Side);
        var points = new Figure1Point[grid.Points.Count];
        using var log = new WorkLog<Figure1Point>(Path.Combine(path, "figure-1"), settings);
        var done = 0;
        Parallel.For(0, points.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            points[i] = log.GetOrAdd(Invariant($"{i}"), () => Measure(settings, grid.Points[i], Seeds.Derive(settings.Seed, (ulong)i)));
            var now = Interlocked.Increment(ref done);
            if (progress is null) return;
            lock (points) progress(now);
        });
        AtomicFile.Write(Path.Combine(path, "figure-1.csv"), Csv(settings, grid, points));
        Draw(settings, grid, points, path);
        return points;
    }

    internal static Figure1Point Measure(Figure1Settings settings, double[] p, ulong seed)
    {
        var (problem, point) = (new QuadraticProblem(), new[,] { { p[0], p[1], p[2] } });
        var singular = problem.IsSingular(point);
        var first = Log10Traces(1, settings.Draws, Seeds.Derive(seed, 0));
        var second = Log10Traces(settings.Exact ? null : settings.Samples, settings.RaoDraws, Seeds.Derive(seed, 1));
        var differences = first.Zip(second, (a, b) => a - b ?? new(double.NaN, double.NaN)).ToList();
        return new(problem.Objective(point), singular, [.. first.Select(Finite)], [.. second.Select(Finite)],
            [.. differences.Select(difference => difference.Value)], [.. differences.Select(difference => difference.Error)]);

        List<Estimate?> Log10Traces(int? samples, int draws, ulong noise) =>
            [.. settings.Temperatures.Select(t => StratifiedTrace.Measure(problem, point, samples, t, draws, noise).Log10)];

        double? Finite(Estimate? log10Trace) => singular ? null : log10Trace?.Value;
    }

    private static string Csv(Figure1Settings settings, TriangleGrid grid, Figure1Point[] points) =>
        "p1,p2,p3,objective,temperature,log10-trace-st-gs,log10-trace-gr-mc,difference,standard-error,singular\n" + string.Concat(
            from pair in grid.Points.Zip(points, (p, point) => (P: p, Point: point))
            from t in Enumerable.Range(0, settings.Temperatures.Count)
            select Invariant($"{pair.P[0]:G9},{pair.P[1]:G9},{pair.P[2]:G9},{pair.Point.Objective:G9},{settings.Temperatures[t]},{pair.Point.StraightThrough[t]:G9},")
                + Invariant($"{pair.Point.GumbelRao[t]:G9},{pair.Point.Difference[t]:G9},{pair.Point.Error[t]:G3},{(pair.Point.Singular ? 1 : 0)}\n"));

    private static void Draw(Figure1Settings settings, TriangleGrid grid, Figure1Point[] points, string path)
    {
        using var sheet = new PanelSheet(640, 640);
        var objective = new TrianglePlot("Objective (p − c)ᵀ Q (p − c)", grid);
        objective.Fill([.. points.Select(point => (double?)point.Objective)], 0, points.Max(point => point.Objective),
            p => new QuadraticProblem().Objective(new[,] { { p[0], p[1], p[2] } }), [0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]);
        sheet.Add(objective.Plot);
        var (first, second) = (new EstimatorName(EstimatorFamily.StraightThroughGumbelSoftmax), settings.Exact ? new EstimatorName(EstimatorFamily.GumbelRaoExact) : new(EstimatorFamily.GumbelRao, settings.Samples));
        for (var t = 0; t < settings.Temperatures.Count; t++)
        {
            double?[] values = [.. points.Select(point => double.IsNaN(point.Difference[t]) ? null : (double?)point.Difference[t])];
            var map = new TrianglePlot(Invariant($"τ = {settings.Temperatures[t]}: log₁₀ tr cov, {first.PaperName} − {second.PaperName}"), grid);
            map.Fill(values, Math.Min(0, values.Min() ?? 0), values.Max() ?? 1);
            sheet.Add(map.Plot);
        }
        sheet.Save(path, "figure-1", 540);
    }
}
