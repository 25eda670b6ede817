using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times the training step of the VAE with each estimator.</summary>
/// <param name="Seconds">A row.</param>
/// <param name="Threads">Of the fused kernel.</param>
public sealed record VaeBenchmark(double Seconds, int Threads)
{
    // The first is what the others are compared with.
    private static readonly IReadOnlyList<EstimatorName> All =
        EstimatorName.ParseList("st-gs,st,gs,reinforce,gr-mc:10,gr-mc:100,gr-mc:1000,gr-mc:100:antithetic,gr");

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>n.</summary>
    public IReadOnlyList<int> Arities { get; init; } = [8, 2];

    /// <summary>What is timed at an arity; null for everything there is.</summary>
    public IReadOnlyList<EstimatorName>? Estimators { get; init; }

    /// <summary>Measures; estimators of one arity take turns.</summary>
    /// <param name="data">Trained on.</param>
    /// <param name="progress">Told the arities done, all of them, and what is measured.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="InputException">The loss is no longer a finite number: what follows would not be a step.</exception>
    public VaeResult Run(MnistData data, Action<double, double, string>? progress = null, CancellationToken cancellation = default)
    {
        var rows = new List<VaeRow>();
        for (var i = 0; i < Arities.Count; i++)
        {
            var (done, arity) = (i, Arities[i]);
            rows.AddRange(Rows(arity, data, part =>
                progress?.Invoke(done + part, Arities.Count, Invariant($"{arity}-ary")), cancellation));
        }
        return new(Machine.Here(), Threads, ProgramVersion.Text, BatchSize, rows);
    }

    private IEnumerable<VaeRow> Rows(int arity, MnistData data, Action<double> progress, CancellationToken cancellation)
    {
        var estimators = Estimators ?? All;
        var tasks = new List<VaeTask>();
        try
        {
            foreach (var name in estimators)
                tasks.Add(new(new VaeSettings { Arity = arity, Estimator = name, BatchSize = BatchSize }.Validated(), data, Threads));
            var contestants = tasks.Select((task, i) => Contestant($"{estimators[i]}", task)).ToList();
            var seconds = Alternation.Seconds(contestants, TimeSpan.FromSeconds(Seconds * estimators.Count), progress, cancellation);
            return [.. estimators.Select((name, i) => new VaeRow(
                arity, name, Quartiles.Of(seconds[i].Select(second => second * 1e3)), Quartiles.OfRatios(seconds[i], seconds[0])))];
        }
        finally
        {
            tasks.ForEach(task => task.Dispose());
        }
    }

    private static Contestant Contestant(string name, VaeTask task)
    {
        var done = 0;
        return new(name, () =>
        {
            if (!double.IsFinite(task.Run(done++)))
                throw new InputException(Invariant($"{name} diverged at step {done} of the benchmark; expected fewer seconds or no such estimator."));
        });
    }
}
