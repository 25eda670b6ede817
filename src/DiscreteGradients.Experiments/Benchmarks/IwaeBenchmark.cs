using System.Diagnostics;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times the importance-weighted bound.</summary>
/// <param name="Threads">Images at once.</param>
internal sealed record IwaeBenchmark(double Seconds, int Threads)
{
    private const int RoundsInBudget = 5;

    /// <summary>The number M of samples of the bound.</summary>
    public int Samples { get; init; } = 5_000;

    public IReadOnlyList<VaeArchitecture> Architectures { get; init; } = [VaeArchitecture.Deep, VaeArchitecture.Tanh];

    /// <summary>Measures; the models take turns.</summary>
    public IwaeResult Run(MnistData data, Action<double, double, string>? progress = null,
        CancellationToken cancellation = default)
    {
        var models = Architectures.Select(
            architecture => new VaeModel(new VaeSettings { Architecture = architecture }, data.Train.PixelMeans(), 0)).ToList();
        var bounds = models.Select(model => new ImportanceBound(model)).ToList();
        try
        {
            var images = Images(bounds[0], data.Test, cancellation);
            var contestants = bounds.ConvertAll(bound => new Timed(
                () => bound.Evaluate(data.Test, images, Samples, 0, Threads, cancellation: cancellation)));
            var seconds = InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(Seconds * bounds.Count),
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

/// <summary>The importance-weighted bound of each model.</summary>
internal sealed record IwaeResult(Machine Machine, int Threads, string Version, int Samples, IReadOnlyList<IwaeRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "The importance-weighted bound";

    internal override string Caption =>
        Invariant($"Seconds for 100 images with M = {Samples} samples each (untrained weights: the time does not depend on them): medians, with the middle half of the rounds in brackets. ")
        + "A test set has 10,000 images.";

    internal override Table Table => Table.Of(
        Rows,
        new("model", row => JsonText.Word(row.Architecture)),
        new("n", row => row.Arity),
        new("s / 100 images", row => Quartiles.Text(row.SecondsPer100Images)));
}

internal sealed record IwaeRow(VaeArchitecture Architecture, int Arity, Quartiles SecondsPer100Images);
