using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>
/// Bias, variance and mean squared error of the gradient of the inference network (App. D.2; Figures 2 and 3). Minibatches
/// come in blocks; what is kept of a block are two numbers a minibatch and one mean gradient, in a folder, so that a study
/// that was stopped goes on and gives the same numbers.
/// </summary>
/// <param name="model">At any point of its training; not changed.</param>
/// <param name="images">Minibatches are drawn from these.</param>
internal sealed class VaeGradientStudy(VaeModel model, BinaryImages images, VaeGradientSettings settings)
{
    /// <summary>The beginning of the name of a study's folder, before the step.</summary>
    public const string FolderPrefix = "step-";

    private const ulong OrderPart = 0, NoisePart = 1;   // of the seed
    private const int Blocks = GradientBlocks.Count;

    /// <summary>Units of work of a study, for progress: blocks, the reference's included.</summary>
    public int Work => (Units.Count + (settings.ReferencePasses > 0 ? 1 : 0)) * Blocks;

    /// <summary>Tells of a result whether the study goes on with more temperatures: then the reference stays at hand.</summary>
    public Func<VaeGradientResult, bool>? GoesOn { get; init; }

    private List<Unit> Units => UnitsOf(settings);

    /// <summary>Reads what a study has found.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="step">The step of the training, if it is known.</param>
    /// <param name="arity">That of the model; 0 where it is not known.</param>
    /// <returns>Null where it has not ended.</returns>
    /// <exception cref="InputException">A file of it is not readable.</exception>
    public static VaeGradientResult? Read(string path, int? step, int arity)
    {
        var settings = RunFolder.ReadSettings<Head>(path).Settings.Validated();
        var parts = WorkLog<GradientPart>.Read(path, NamesOfNow(settings));
        var names = UnitsOf(settings).Select(unit => unit.Name).Concat(settings.ReferencePasses > 0 ? [Unit.Reference.Name] : []);
        if (!names.All(name => parts.ContainsKey(name)
            && Enumerable.Range(0, Blocks).All(block => parts.ContainsKey(Invariant($"{name} {block}"))))) return null;
        return new VaeGradientSummary(settings, UnitsOf(settings).ConvertAll(Of),
            settings.ReferencePasses > 0 ? parts[Unit.Reference.Name] : null).Result(step, arity);

        Measured Of(Unit unit) => new(unit.Estimator, unit.Temperature,
            [.. Enumerable.Range(0, Blocks).Select(block => parts[Invariant($"{unit.Name} {block}")])], parts[unit.Name]);
    }

    private static List<Unit> UnitsOf(VaeGradientSettings settings) =>
        [.. from temperature in settings.Temperatures
            from name in settings.Estimators
            where name.HasTemperature || temperature == settings.Temperatures[0]
            select new Unit(name, temperature)];

    // Earlier versions named an estimator without a temperature by the first one of the study.
    private static Func<string, string> NamesOfNow(VaeGradientSettings settings)
    {
        var names = settings.Estimators.Where(name => !name.HasTemperature).Select(name => name.ToString())
            .ToHashSet(StringComparer.Ordinal);
        return key => key.Split(' ') is [var name, _, .. var block] && names.Contains(name)
            ? string.Join(' ', (string[])[name, Unit.NoTemperature, .. block])
            : key;
    }

    /// <summary>Measures what is not measured yet.</summary>
    /// <param name="path">A folder for this study of this model alone.</param>
    /// <param name="threads">Blocks at once; the numbers do not depend on it.</param>
    /// <param name="step">The step of the training, for the result.</param>
    /// <param name="progress">Told how many units of <see cref="Work"/> are done; from several threads, one at a time.</param>
    public VaeGradientResult Run(string path, int threads, int? step = null, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        using var log = new WorkLog<GradientPart>(path, new Head(settings, model.Checksum(), images.Sha256),
            NamesOfNow(settings));
        using var vectors = new BlockVectors(Path.Combine(path, "vectors"));
        var done = 0;
        var reference = settings.ReferencePasses > 0 ? Measure(Unit.Reference) : null;
        var measured = Units.ConvertAll(Measure);
        var result = new VaeGradientSummary(settings, measured, reference?.Products).Result(step, model.Settings.Arity);
        if (GoesOn?.Invoke(result) != true) vectors.DeleteAll();
        return result;

        Measured Measure(Unit unit)
        {
            // Once the products are known, nobody asks for the vectors again; for those of the reference all do.
            var known = log.TryGet(unit.Name, out var products);
            var isWanted = !known || unit == Unit.Reference && Units.Exists(other => !log.TryGet(other.Name, out _));
            var parts = new GradientPart[Blocks];
            Parallel.For(0, Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
                block =>
            {
                parts[block] = log.GetOrAdd(Invariant($"{unit.Name} {block}"), () => Block(vectors, unit, block, cancellation));
                // Where the log was cut, the vectors of the blocks that it still has are gone.
                if (isWanted && !vectors.Has(unit.Name, block)) Block(vectors, unit, block, cancellation);
                lock (parts) progress?.Invoke(Interlocked.Increment(ref done));
            });
            if (!known)
            {
                products = Products(vectors, unit);
                log.Add(unit.Name, products);
                if (unit != Unit.Reference) vectors.Delete(unit.Name);
            }
            return new(unit.Estimator, unit.Temperature, parts, products);
        }
    }

    /// <summary>Measures a block of minibatches and saves its mean gradient.</summary>
    private GradientPart Block(BlockVectors vectors, Unit unit, int block, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var order = new SampleOrder(images.Count, Seeds.Derive(settings.Seed, OrderPart));
        var noise =
            unit.NoiseName.Aggregate(Seeds.Derive(settings.Seed, NoisePart), (seed, letter) => Seeds.Derive(seed, letter));
        var estimator = unit.Estimator?.Create(unit.Temperature);
        var indices = new int[settings.BatchSize];
        var (traces, squares) = (new List<double>(), new List<double>());
        var sum = zeros(model.InferenceParameters.Sum(parameter => parameter.numel()));
        var (from, to) =
            (GradientBlocks.Start(block, settings.Minibatches), GradientBlocks.Start(block + 1, settings.Minibatches));
        for (var minibatch = from; minibatch < to; minibatch++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            using var generator = new Generator(Seeds.Derive(noise, (ulong)minibatch));
            order.Fill(minibatch, indices);
            var batch = images.Batch(indices);
            using var pass = new EncoderPass(model, batch);
            Tensor mean;
            if (estimator is null) mean = Reference(pass, generator);
            else
            {
                (var trace, mean) = pass.Moments(pass.Draw(estimator, settings.Passes, generator));
                traces.Add(trace);
            }
            squares.Add(pass.SquaredNorms(mean.unsqueeze(0)).item<double>());
            sum.Accumulate(pass.Flat(mean));
        }
        using Scalar count = to - from;
        vectors.Save(unit.Name, block, sum.div_(count));
        return new() { Traces = traces, SquaredMeans = squares };
    }

    private Tensor Reference(EncoderPass pass, Generator generator) => settings.Reference == GradientReference.Local
        ? pass.LocalReference(settings.ReferencePasses, generator)
        : pass.Reference(settings.ReferencePasses, generator);

    private GradientPart Products(BlockVectors vectors, Unit unit)
    {
        using var scope = NewDisposeScope();
        var own = vectors.Load(unit.Name);
        return new()
        {
            Products = [.. GradientBlocks.Products(own, own).Cast<double>()],
            ReferenceProducts = settings.ReferencePasses == 0 || unit == Unit.Reference ? null
                : [.. GradientBlocks.Products(own, vectors.Load(Unit.Reference.Name)).Cast<double>()],
        };
    }

    /// <summary>The measurements of one estimator at one temperature, or of the reference, which has no name.</summary>
    internal sealed record Measured(EstimatorName? Estimator, double Temperature, IReadOnlyList<GradientPart> Parts,
        GradientPart Products);

    /// <summary>Everything that the numbers depend on.</summary>
    /// <param name="Model">A checksum of the weights.</param>
    /// <param name="Images">A checksum of the images.</param>
    private sealed record Head(VaeGradientSettings Settings, string Model, string Images);

    /// <summary>One estimator at one temperature, or the reference.</summary>
    private sealed record Unit(EstimatorName? Estimator, double Temperature)
    {
        /// <summary>The mark in place of the temperature of an estimator that has none: it is measured once, whatever the
        /// grid.</summary>
        public const string NoTemperature = "-";

        public static Unit Reference { get; } = new(null, 0);

        /// <summary>The unit's name in the log.</summary>
        public string Name => Estimator is null ? NoiseName
            : Estimator.HasTemperature ? Invariant($"{Estimator} {Temperature}") : $"{Estimator} {NoTemperature}";

        /// <summary>The name that the noise is derived from, so that temperatures share it.</summary>
        public string NoiseName => Estimator?.ToString() ?? "reference";
    }
}

/// <summary>A part of a study that is done: a block of minibatches, or, from all blocks of one estimator and temperature, the
/// inner products of their mean gradients.</summary>
internal sealed record GradientPart
{
    /// <summary>The trace tr var[∇ | minibatch] of each minibatch of the block, unbiased.</summary>
    public IReadOnlyList<double>? Traces { get; init; }

    /// <summary>The squared norm of each minibatch's mean over its passes.</summary>
    public IReadOnlyList<double>? SquaredMeans { get; init; }

    /// <summary>The inner products ⟨m_i, m_j⟩ of the blocks' means, row by row.</summary>
    public IReadOnlyList<double>? Products { get; init; }

    /// <summary>The inner products ⟨m_i, r_j⟩ with the means of the reference, row by row.</summary>
    public IReadOnlyList<double>? ReferenceProducts { get; init; }
}
