using DiscreteGradients.Autograd;
using DiscreteGradients.Experiments.Benchmarks;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Costs;

/// <summary>Variance and bias of each estimator, exactly referred, and what one gradient of it costs.</summary>
public static class CostStudy
{
    /// <summary>Measures: first the variances, then the times of all estimators of an arity in turn.</summary>
    /// <param name="settings">Validated.</param>
    /// <param name="threads">Of the fused kernels.</param>
    /// <param name="progress">Told the part done of 1, and what is measured.</param>
    /// <param name="cancellation">Stops between estimators.</param>
    public static IReadOnlyList<CostRow> Measure(CostSettings settings, int threads, Action<double, string>? progress = null, CancellationToken cancellation = default)
    {
        var rows = new List<CostRow>();
        foreach (var (arity, index) in settings.Arities.Select((arity, index) => (arity, index)))
        {
            using var problem = new CostProblem(arity, settings.Seed);
            var estimators = settings.Estimators.Select(name => (Name: name, Estimator: name.Create(settings.Temperature, threads))).ToList();
            var summaries = Summaries(problem, estimators, settings, part => Report(part / 2, "variance"), cancellation);
            var times = Times(problem, estimators, settings, part => Report((1 + part) / 2, "time"), cancellation);
            rows.AddRange(estimators.Zip(summaries, times).Select(one => one.Second with { Estimator = one.First.Name, Milliseconds = one.Third }));

            void Report(double part, string what) => progress?.Invoke((index + part) / settings.Arities.Count, Invariant($"arity {arity}, {what}"));
        }
        return rows;
    }

    private static List<CostRow> Summaries(CostProblem problem, List<(EstimatorName Name, IGradientEstimator Estimator)> estimators, CostSettings settings,
        Action<double> progress, CancellationToken cancellation)
    {
        using var exact = problem.Exact();
        using var square = exact.Squared().sum();
        var unit = square.item<double>();
        var study = new GradientStudy(Gradient) { Draws = settings.Draws, Seed = (long)settings.Seed };
        var rows = new List<CostRow>();
        foreach (var (name, estimator) in estimators)
        {
            cancellation.ThrowIfCancellationRequested();
            var summary = study.Compare([estimator], exact)[0];
            rows.Add(new(problem.Arity, name, new(0, 0, 0), summary.Trace / unit, summary.SquaredBias!.Value / unit));
            progress((double)rows.Count / estimators.Count);
        }
        return rows;

        Tensor Gradient(IGradientEstimator estimator, Generator generator)
        {
            cancellation.ThrowIfCancellationRequested();
            return problem.Gradient(estimator, generator);
        }
    }

    private static IEnumerable<Quartiles> Times(CostProblem problem, List<(EstimatorName Name, IGradientEstimator Estimator)> estimators, CostSettings settings,
        Action<double> progress, CancellationToken cancellation)
    {
        using var generator = new Generator(settings.Seed);
        var contestants = estimators.Select(one => new Contestant($"{one.Name}", () => problem.Gradient(one.Estimator, generator).Dispose())).ToList();
        var seconds = Alternation.Seconds(contestants, TimeSpan.FromSeconds(settings.Seconds * contestants.Count), progress, cancellation);
        return seconds.Select(times => Quartiles.Of(times.Select(time => time * 1e3)));
    }
}
