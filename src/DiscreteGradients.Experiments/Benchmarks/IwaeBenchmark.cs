using System.Diagnostics;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times the importance-weighted bound.</summary>
/// <param name="Seconds">A row.</param>
/// <param name="Threads">Images at once.</param>
public sealed record IwaeBenchmark(double Seconds, int Threads)
{
    private const int RoundsInBudget = 5;

    /// <summary>M.</summary>
    public int Samples { get; init; } = 5_000;

    /// <summary>The models.</summary>
    public IReadOnlyList<VaeArchitecture> Architectures { get; init; } = [VaeArchitecture.Deep, VaeArchitecture.Tanh];

    /// <summary>Measures; the models take turns.</summary>
    /// <param name="data">Its test images are evaluated.</param>
    /// <param name="progress">Told the part done, 1, and what is measured.</param>
    /// <param name="cancellation">Stops between images.</param>
    public IwaeResult Run(MnistData data, Action<double, double, string>? progress = null, CancellationToken cancellation = default)
    {
        var models = Architectures.Select(architecture => new VaeModel(new VaeSettings { Architecture = architecture }, data.Train.PixelMeans(), 0)).ToList();
        var bounds = models.Select(model => new ImportanceBound(model)).ToList();
        try
        {
            var images = Images(bounds[0], data.Test, cancellation);
            var contestants = bounds.Select((bound, i) => new Contestant(
                $"{Architectures[i]}", () => bound.Evaluate(data.Test, images, Samples, 0, Threads, cancellation: cancellation))).ToList();
            var seconds = Alternation.Seconds(contestants, TimeSpan.FromSeconds(Seconds * bounds.Count),
                part => progress?.Invoke(part, 1, Invariant($"{images} images a round")), cancellation);
            return new(Machine.Here(), Threads, ProgramVersion.Text, Samples, [.. models.Select((model, i) => new IwaeRow(
                Architectures[i], model.Settings.Arity, Quartiles.Of(seconds[i].Select(second => second * 100 / images))))]);
        }
        finally
        {
            bounds.ForEach(bound => bound.Dispose());
            models.ForEach(model => model.Dispose());
        }
    }

    // Images of one round: a whole number for each thread, at most 100 in all, that the budget allows.
    private int Images(ImportanceBound bound, BinaryImages images, CancellationToken cancellation)
    {
        bound.Evaluate(images, Threads, Samples, 0, Threads, cancellation: cancellation);
        var start = Stopwatch.GetTimestamp();
        bound.Evaluate(images, Threads, Samples, 0, Threads, cancellation: cancellation);
        var turns = Seconds / (RoundsInBudget + 2) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Math.Min(images.Count, Threads * (int)Math.Clamp(turns, 1, Math.Max(1, 100 / Threads)));
    }
}
