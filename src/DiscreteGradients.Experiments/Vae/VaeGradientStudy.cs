using System.Security.Cryptography;
using DiscreteGradients.Autograd;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;
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
/// <param name="settings">Validated.</param>
public sealed class VaeGradientStudy(VaeModel model, BinaryImages images, VaeGradientSettings settings)
{
    private const ulong OrderPart = 0, NoisePart = 1;   // of the seed
    private const string Reference = "reference", Vector = "mean";
    private const int Blocks = BlockedErrors.Blocks;
    private readonly PassGradients gradients = new(model);

    /// <summary>Units of work of a study, for progress: blocks, the reference's included.</summary>
    public int Work => Units.Count * Blocks + (settings.ReferencePasses > 0 ? Blocks : 0);

    private List<(EstimatorName Name, double Temperature)> Units =>
        [.. from temperature in settings.Temperatures
            from name in settings.Estimators
            where !name.UsesScore || temperature == settings.Temperatures[0]
            select (name, temperature)];

    /// <summary>Measures what is not measured yet.</summary>
    /// <param name="path">A folder for this study of this model alone.</param>
    /// <param name="threads">Blocks at once; the numbers do not depend on it.</param>
    /// <param name="step">Of the training, for the result.</param>
    /// <param name="progress">Told how many units of <see cref="Work"/> are done; from several threads, one at a time.</param>
    /// <param name="cancellation">Stops between minibatches.</param>
    public VaeGradientResult Run(string path, int threads, int? step = null, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        using var log = new WorkLog<GradientPart>(path, new { settings, model = Checksum(), images = images.Sha256 });
        var done = 0;
        var measured = new List<Measured>();
        Measured? reference = null;
        if (settings.ReferencePasses > 0) reference = Unit(null, 0, keep: true);
        foreach (var (name, temperature) in Units) measured.Add(Unit(name, temperature, keep: false));
        if (Directory.Exists(Path.Combine(path, "vectors"))) Directory.Delete(Path.Combine(path, "vectors"), recursive: true);
        return new VaeGradientSummary(settings, measured, reference?.Products).Result(step, model.Settings.Arity);

        Measured Unit(EstimatorName? estimator, double temperature, bool keep)
        {
            var name = estimator is null ? Reference : Invariant($"{estimator} {temperature}");
            var parts = new GradientPart[Blocks];
            // The reference's vectors are gone once everything is measured, and then nobody asks for them.
            var whole = log.TryGet(name, out var products);
            Parallel.For(0, Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, block =>
            {
                parts[block] = log.GetOrAdd(Invariant($"{name} {block}"), Measure);
                // Where the log was cut, the vectors of the blocks that it still has are gone.
                if (!whole && !File.Exists(VectorPath(path, name, block))) Measure();
                lock (parts) progress?.Invoke(Interlocked.Increment(ref done));
                GradientPart Measure() => Block(path, name, estimator, temperature, block, cancellation);
            });
            if (!whole)
            {
                products = Products(path, name, reference is not null);
                log.Add(name, products);
                if (!keep) foreach (var block in Enumerable.Range(0, Blocks)) File.Delete(VectorPath(path, name, block));
            }
            return new(estimator, temperature, parts, products);
        }
    }

    /// <summary>What is known of one estimator at one temperature, or of the reference, which has no name.</summary>
    internal sealed record Measured(EstimatorName? Estimator, double Temperature, IReadOnlyList<GradientPart> Parts, GradientPart Products);

    private GradientPart Block(string path, string name, EstimatorName? estimated, double temperature, int block, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var order = new SampleOrder(images.Count, Seeds.Derive(settings.Seed, OrderPart));
        var noise = (estimated?.ToString() ?? Reference).Aggregate(Seeds.Derive(settings.Seed, NoisePart), (seed, letter) => Seeds.Derive(seed, letter));
        var estimator = estimated?.Create(temperature, 1);
        var indices = new int[settings.BatchSize];
        var (traces, squares) = (new List<double>(), new List<double>());
        var sum = zeros(model.InferenceParameters.Sum(parameter => parameter.numel()));
        var (from, to) = Range(block);
        for (var minibatch = from; minibatch < to; minibatch++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            using var generator = new Generator(Seeds.Derive(noise, (ulong)minibatch));
            order.Fill(minibatch, indices);
            var batch = images.Batch(indices);
            using var pass = new EncoderPass(model, batch);
            Tensor mean;
            if (estimator is null) mean = gradients.Reference(pass, batch, settings.ReferencePasses, generator);
            else
            {
                (var trace, mean) = VaeGradients.Moments(pass, gradients.Of(pass, batch, estimator, settings.Passes, generator));
                traces.Add(trace);
            }
            squares.Add(pass.SquaredNorms(mean.unsqueeze(0)).item<double>());
            sum.Accumulate(pass.Flat(mean));
        }
        using Scalar count = to - from;
        Directory.CreateDirectory(Path.Combine(path, "vectors"));
        SafeTensors.Write(VectorPath(path, name, block), [(Vector, sum.div_(count))], new Dictionary<string, string>(StringComparer.Ordinal));
        return new() { Traces = traces, SquaredMeans = squares };
    }

    private static GradientPart Products(string path, string name, bool withReference)
    {
        using var scope = NewDisposeScope();
        var own = Vectors(path, name);
        var products = BlockMeans.Products(own, own);
        return new()
        {
            Products = [.. products.Cast<double>()],
            ReferenceProducts = withReference ? [.. BlockMeans.Products(own, Vectors(path, Reference)).Cast<double>()] : null,
        };
    }

    private static Tensor Vectors(string path, string name) => stack([.. Enumerable.Range(0, Blocks).Select(block =>
    {
        using var vector = SafeTensors.Read(VectorPath(path, name, block)).Tensors[Vector];
        return vector.to(ScalarType.Float64);
    })]);

    /// <summary>The minibatches of a block.</summary>
    private (int From, int To) Range(int block) =>
        ((int)((long)block * settings.Minibatches / Blocks), (int)((block + 1L) * settings.Minibatches / Blocks));

    private static string VectorPath(string path, string name, int block) =>
        Path.Combine(path, "vectors", Invariant($"{name.Replace(':', '-').Replace(' ', '-')}-{block}.safetensors"));

    /// <summary>Of the weights, so that a study is not taken up with another model.</summary>
    private string Checksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, value) in model.Parameters) hash.AppendData(value.bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
