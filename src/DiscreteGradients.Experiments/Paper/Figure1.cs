using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figure 1 of the paper: contours of the quadratic programme over the simplex, and by how much GR-MCK has less
/// variance than ST-GS at three temperatures; figure-1.svg, .png and .csv.</summary>
internal static class Figure1
{
    /// <summary>Measures what is not measured yet, and draws.</summary>
    /// <param name="path">The folder of the files; the measurements are kept in figure-1 below it.</param>
    /// <param name="threads">Points at once; the numbers do not depend on it.</param>
    /// <param name="progress">Told how many points are done.</param>
    /// <returns>One a point of the <see cref="TriangleGrid"/>.</returns>
    public static IReadOnlyList<Figure1Point> Make(Figure1Settings settings, string path, int threads,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        var grid = new TriangleGrid(settings.Side);
        var points = new Figure1Point[grid.Points.Count];
        using var log = new WorkLog<Figure1Point>(Path.Combine(path, "figure-1"), settings);
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, points.Length, options, i =>
        {
            points[i] =
                log.GetOrAdd(Invariant($"{i}"), () => Measure(settings, grid.Points[i], Seeds.Derive(settings.Seed, (ulong)i)));
            var now = Interlocked.Increment(ref done);
            if (progress is null) return;
            lock (points) progress(now);
        });
        AtomicFile.Write(Path.Combine(path, "figure-1.csv"), Numbers(settings, grid, points).Csv());
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

    private static Table Numbers(Figure1Settings settings, TriangleGrid grid, Figure1Point[] points) => Table.Of(
        from pair in grid.Points.Zip(points, (p, point) => (P: p, Point: point))
        from t in Enumerable.Range(0, settings.Temperatures.Count)
        select (pair.P, pair.Point, T: t),
        new("p1", row => row.P[0], "G9"), new("p2", row => row.P[1], "G9"), new("p3", row => row.P[2], "G9"),
        new("objective", row => row.Point.Objective, "G9"),
        new("temperature", row => settings.Temperatures[row.T]),
        new("log10-trace-st-gs", row => row.Point.StraightThrough[row.T], "G9"),
        new("log10-trace-gr-mc", row => row.Point.GumbelRao[row.T], "G9"),
        new("difference", row => row.Point.Difference[row.T], "G9"),
        new("standard-error", row => row.Point.Error[row.T], "G3"),
        new("singular", row => row.Point.Singular ? 1 : 0));

    private static void Draw(Figure1Settings settings, TriangleGrid grid, Figure1Point[] points, string path)
    {
        using var sheet = new PanelSheet(640, 640)
        {
            Height = 540,
            Caption = ["Maps: log₁₀ of the ratio of the variances, on one scale.",
                "Where a probability is 2/3 both variances are infinite: the lines there show the limit of their ratio."],
        };
        var objective = new TrianglePlot("Objective (p − c)ᵀ Q (p − c)", grid);
        objective.Fill([.. points.Select(point => (double?)point.Objective)], 0, points.Max(point => point.Objective),
            p => new QuadraticProblem().Objective(new[,] { { p[0], p[1], p[2] } }),
                [0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]);
        sheet.Add(objective.Plot);
        var first = Answers.StraightThrough;
        var second = settings.Exact ? Answers.Rao : new(EstimatorFamily.GumbelRao, settings.Samples);
        var all = points.SelectMany(point => point.Difference).Where(double.IsFinite).DefaultIfEmpty(1).ToList();
        for (var t = 0; t < settings.Temperatures.Count; t++)
        {
            double?[] values =
                [.. points.Select(point => double.IsNaN(point.Difference[t]) ? null : (double?)point.Difference[t])];
            var map = new TrianglePlot(
                Invariant($"τ = {settings.Temperatures[t]}: log₁₀ tr cov, {first.PaperName} − {second.PaperName}"), grid);
            map.Fill(values, Math.Min(0, all.Min()), all.Max());
            sheet.Add(map.Plot);
        }
        sheet.Save(path, "figure-1");
    }
}

/// <summary>One point of Figure 1.</summary>
/// <param name="Objective">(p − c)ᵀQ(p − c).</param>
/// <param name="Singular">Whether the variances are infinite there, and the differences limits.</param>
/// <param name="StraightThrough">log₁₀ trace of ST-GS at each temperature; null at a singular point.</param>
/// <param name="GumbelRao">log₁₀ trace of GR-MCK.</param>
/// <param name="Difference">The first less the second.</param>
/// <param name="Error">Standard error of the difference, at most.</param>
internal sealed record Figure1Point(
    double Objective, bool Singular, IReadOnlyList<double?> StraightThrough, IReadOnlyList<double?> GumbelRao,
    IReadOnlyList<double> Difference, IReadOnlyList<double> Error);

/// <summary>Figure 1: the variance of ST-GS less that of GR-MCK over the simplex.</summary>
internal sealed record Figure1Settings
{
    /// <summary>Points along a side of the triangle.</summary>
    public int Side { get; init; } = 40;

    /// <summary>The temperature τ of each map.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0.1, 0.5, 1.0];

    /// <summary>K of GR-MCK.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Tells whether GR itself, K → ∞, stands in the place of GR-MCK.</summary>
    public bool Exact { get; init; }

    /// <summary>Gradients of ST-GS drawn given each category, at each point and temperature.</summary>
    public int Draws { get; init; } = 40_000;

    /// <summary>Gradients of GR-MCK; its variance given the category is a K-th, so that fewer tell as much.</summary>
    public int RaoDraws { get; init; } = 1_000;

    /// <summary>The seed of the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public Figure1Settings Validated()
    {
        Require(Side is >= 3 and <= 400, "side", Side, "a number from 3 to 400");
        if (Temperatures.Count is < 1 or > 5 || Temperatures.Any(t => t is not (>= 0.01 and <= 10))) throw new InputException(
            $"temperatures is {NumberText.List(Temperatures)}; expected one to five numbers from 0.01 to 10, with a decimal point.");
        Require(Samples >= 2, "samples", Samples, "at least 2");
        Require(Draws >= 20, "draws", Draws, "at least 20");
        Require(RaoDraws >= 20, "rao-draws", RaoDraws, "at least 20");
        return this;
    }
}
