using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times the training step of the VAE with each estimator.</summary>
/// <param name="Threads">The threads of the fused kernel; libtorch runs on one.</param>
internal sealed record VaeBenchmark(double Seconds, int Threads)
{
    // The first is what the others are compared with.
    private static readonly IReadOnlyList<EstimatorName> All =
        EstimatorName.ParseList("st-gs,st,gs,reinforce,gr-mc:10,gr-mc:100,gr-mc:1000,gr-mc:100:antithetic,gr");

    public int BatchSize { get; init; } = 20;

    public IReadOnlyList<int> Arities { get; init; } = [8, 2];

    /// <summary>The estimators that are timed at an arity; null for everything there is.</summary>
    public IReadOnlyList<EstimatorName>? Estimators { get; init; }

    /// <summary>Measures; estimators of one arity take turns.</summary>
    /// <param name="progress">Told the arities done, all of them, and what is measured.</param>
    /// <exception cref="InputException">The loss is no longer a finite number: what follows would not be a step.</exception>
    public VaeResult Run(MnistData data, Action<double, double, string>? progress = null,
        CancellationToken cancellation = default)
    {
        var rows = Arities.Index().SelectMany(one => Rows(one.Item, data,
            part => progress?.Invoke(one.Index + part, Arities.Count, Invariant($"{one.Item}-ary")), cancellation));
        return new(Machine.Here(), Threads, ProgramVersion.Text, BatchSize, [.. rows]);
    }

    private IEnumerable<VaeRow> Rows(int arity, MnistData data, Action<double> progress, CancellationToken cancellation)
    {
        var estimators = Estimators ?? All;
        var tasks = new List<VaeTask>();
        try
        {
            foreach (var name in estimators)
                tasks.Add(new(new VaeSettings { Arity = arity, Estimator = name, BatchSize = BatchSize }.Validated(), data,
                    Threads));
            var contestants = tasks.Select((task, i) => Step(estimators[i], task)).ToList();
            var seconds =
                InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(Seconds * estimators.Count), progress, cancellation);
            return [.. estimators.Select((name, i) => new VaeRow(
                arity, name, Quartiles.Of(seconds[i].Select(second => second * 1e3)),
                    Quartiles.OfRatios(seconds[i], seconds[0])))];
        }
        finally
        {
            tasks.ForEach(task => task.Dispose());
        }
    }

    private static Timed Step(EstimatorName name, VaeTask task)
    {
        var done = 0;
        return new(() =>
        {
            if (!double.IsFinite(task.Run(done++)))
                throw new InputException(
                    Invariant($"{name} diverged at step {done} of the benchmark; expected fewer seconds or no such estimator."));
        });
    }
}

/// <summary>Training steps of the VAE with each estimator.</summary>
internal sealed record VaeResult(Machine Machine, int Threads, string Version, int BatchSize, IReadOnlyList<VaeRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => Invariant($"A training step of the VAE, batch size {BatchSize}");

    internal override string Caption =>
        Invariant($"The whole training step of the VAE, batch size {BatchSize}, otherwise at the defaults: minibatch, both networks forward and backward, the estimator, ")
        + $"SGD with momentum. Estimators were timed in turn; medians, with the middle half of the rounds in brackets. Ratio: the time of a step over that of {Rows[0].Estimator} in the same round.";

    internal override Table Table => Table.Of(
        Rows,
        new("estimator", row => row.Estimator),
        new("n", row => row.Arity),
        new("steps/s", row => Quartiles.Number(row.StepsPerSecond)),
        new("ms a step", row => Quartiles.Number(row.Milliseconds.Median)),
        new("ratio", row => Quartiles.Text(row.Ratio)));
}

/// <summary>One estimator in the training step of the VAE.</summary>
/// <param name="Ratio">The time of a step over that of the first estimator's, round by round.</param>
internal sealed record VaeRow(int Arity, EstimatorName Estimator, Quartiles Milliseconds, Quartiles Ratio)
{
    public double StepsPerSecond => 1e3 / Milliseconds.Median;
}
