using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Kernels;
using TorchSharp;
using static DiscreteGradients.Torch.CpuKernels;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>
/// L_M = log (1/M) Σ_m p(x|D_m) p(D_m) / q(D_m|x) with D_m ~ q(D|x) (Burda et al., arXiv:1509.00519): float32 forward,
/// float64 running logsumexp, samples in chunks, images in parallel.
/// </summary>
/// <remarks>The first decoder layer is a table look-up: each category of each variable adds a column of its weights.
/// An image's samples depend on the seed and on its position only, so the result does not depend on the threads.</remarks>
internal sealed unsafe class ImportanceBound : IDisposable
{
    /// <summary>The largest M.</summary>
    public const int MostSamples = 1_000_000;

    private const int Chunk = 256;
    private const int Width = 16;
    private readonly VaeModel model;
    private readonly Tensor table;        // [V, n, hidden]
    private readonly float* entries;      // of the table
    private readonly float* bias;         // [hidden]
    private readonly float[] prior;       // [V · n], log p
    private readonly int variables, arity, hidden;

    /// <param name="model">Not to be changed while the bound is in use.</param>
    public ImportanceBound(VaeModel model)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        this.model = model;
        (variables, arity) = (model.Settings.Variables, model.Settings.Arity);
        table = model.FirstLayerTable().DetachFromDisposeScope();
        hidden = (int)table.shape[2];
        entries = Pointer(table);
        bias = Pointer(model.Decoder.Layers[0].Bias);
        prior = model.PriorDistribution().Normalised.data<float>().ToArray();
    }

    /// <summary>The bound on <paramref name="count"/> images, spread evenly over the split (its order may follow the
    /// classes).</summary>
    /// <param name="count">At least 1; capped at the number of images.</param>
    /// <param name="samples">M, 1 to <see cref="MostSamples"/>.</param>
    /// <param name="threads">Images at once.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <returns>NaN where the model's weights are no numbers.</returns>
    public BoundResult Evaluate(BinaryImages images, int count, int samples, ulong seed, int threads,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        count = Math.Min(count, images.Count);
        var (bounds, effective) = (new double[count], new double[count]);
        var done = 0;
        Fill(images, 0, bounds, effective, count, samples, seed, threads, () => progress?.Invoke(Interlocked.Increment(ref done)),
            cancellation);
        return BoundResult.Of(bounds, effective, samples);
    }

    /// <summary>The bounds of some of the <paramref name="count"/> images, from the <paramref name="first"/> on.</summary>
    internal void Fill(BinaryImages images, int first, Memory<double> bounds, Memory<double> effective, int count, int samples,
        ulong seed, int threads, Action? progress, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, bounds.Length, options, i =>
        {
            var index = (int)((long)(first + i) * images.Count / count);
            (bounds.Span[i], effective.Span[i]) = Image(images, index, samples, Seeds.Derive(seed, (ulong)index), cancellation);
            progress?.Invoke();
        });
    }

    public void Dispose() => table.Dispose();

    private (double Bound, double EffectiveSampleSize) Image(BinaryImages images, int index, int samples, ulong seed,
        CancellationToken cancellation)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var image = images.Batch([index]);
        var pixels = Pointer(image);
        var posterior = model.Encode(image).Normalised.contiguous();       // [1, V, n]
        var logProbs = new Span<float>(Pointer(posterior), variables * arity);
        if (logProbs.ToArray().Any(float.IsNaN)) return (double.NaN, double.NaN);
        var ratio = new float[logProbs.Length];
        for (var i = 0; i < ratio.Length; i++) ratio[i] = prior[i] - logProbs[i];
        var codes = new byte[(long)samples * variables];
        fixed (byte* drawn = codes) new CategoricalTable(logProbs, arity).Draw(drawn, samples, seed, threads: 1);

        var weights = new LogSum();
        Span<double> logWeights = stackalloc double[Chunk];
        var first = empty(Math.Min(Chunk, samples), hidden);
        for (var start = 0; start < samples; start += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var rows = Math.Min(Chunk, samples - start);
            var layer = rows == first.shape[0] ? first : first.slice(0, 0, rows, 1);
            var hiddenRow = Pointer(layer);
            for (var row = 0; row < rows; row++, hiddenRow += hidden)
                logWeights[row] = LookUp(codes.AsSpan((start + row) * variables, variables), ratio, hiddenRow);
            var logits = model.DecodeFrom(layer);
            var logitsRow = Pointer(logits);
            for (var row = 0; row < rows; row++, logitsRow += BinaryImages.Pixels)
                weights.Add(logWeights[row] + BernoulliKernel.LogLikelihood(logitsRow, pixels, BinaryImages.Pixels));
        }
        return (weights.LogMean(samples), weights.EffectiveSampleSize);
    }

    /// <summary>The first layer without activation of one code, written to <paramref name="target"/> [hidden]; returns
    /// Σ_v log p(D_v) − log q(D_v|x).</summary>
    private double LookUp(ReadOnlySpan<byte> code, float[] ratio, float* target)
    {
        double sum = 0;
        var rows = stackalloc float*[variables];
        for (var v = 0; v < variables; v++)
        {
            var entry = v * arity + code[v];
            sum += ratio[entry];
            rows[v] = entries + (long)entry * hidden;
        }
        for (var h = 0; h < hidden; h += Width)
        {
            var total = Vector512.Load(bias + h);
            for (var v = 0; v < variables; v++) total += Vector512.Load(rows[v] + h);
            total.Store(target + h);
        }
        return sum;
    }
}

/// <summary>The importance-weighted bound on the negative log-likelihood.</summary>
/// <param name="Bound">Nats an image, the mean over images: −L_M, an upper bound on −log p(x) in expectation.</param>
/// <param name="StandardError">Standard error of the mean over images, nats.</param>
/// <param name="EffectiveSampleSize">(Σw)²/Σw² of the M weights, the mean over images.</param>
/// <param name="Samples">M.</param>
internal sealed record BoundResult(double Bound, double StandardError, double EffectiveSampleSize, int Samples, int Images)
{
    /// <summary>Writes the bound with its error, where that is known: of one image it is not.</summary>
    public string Text(string format) => Estimate.Text(new(Bound, StandardError), format, format);

    /// <summary>The mean over images.</summary>
    /// <param name="bounds">L_M of each, nats.</param>
    /// <param name="effective">The effective sample size of each.</param>
    /// <param name="samples">M.</param>
    internal static BoundResult Of(double[] bounds, double[] effective, int samples)
    {
        var mean = Estimate.Mean(bounds);
        return new(-mean.Value, mean.Error, effective.Average(), samples, bounds.Length);
    }
}

/// <summary>Running log Σ w and log Σ w² of weights given as logarithms, in float64.</summary>
internal struct LogSum()
{
    private double largest = double.NegativeInfinity;
    private double sum, squares;

    public void Add(double logWeight)
    {
        if (logWeight > largest)
        {
            var scale = Math.Exp(largest - logWeight);
            (sum, squares, largest) = (sum * scale, squares * scale * scale, logWeight);
        }
        var weight = Math.Exp(logWeight - largest);
        sum += weight;
        squares += weight * weight;
    }

    public readonly double LogMean(int count) => largest + Math.Log(sum / count);

    /// <summary>The effective sample size (Σw)²/Σw².</summary>
    public readonly double EffectiveSampleSize => sum * sum / squares;
}

/// <summary>The log-likelihood log p(x|l) = Σ_i x_i l_i − log(1 + exp l_i) from Bernoulli logits, one pass over a row.</summary>
internal static unsafe class BernoulliKernel
{
    private const int Width = 16;

    // The product of this many factors of at most 2 is far from overflow; one logarithm serves them all.
    private const int FactorsALogarithm = 49;

    /// <summary>Nats; float32 sums of 784 terms, within about 1e-4.</summary>
    /// <param name="logits">[length].</param>
    /// <param name="image">[length], 0 or 1.</param>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogLikelihood(float* logits, float* image, int length)
    {
        var linear = Vector512<float>.Zero;
        var log2 = Vector512<float>.Zero;
        for (var start = 0; start < length; start += Width * FactorsALogarithm)
        {
            var product = Vector512<float>.One;
            var end = Math.Min(length, start + Width * FactorsALogarithm);
            for (var i = start; i < end; i += Width)
            {
                var l = Vector512.Load(logits + i);
                // log(1 + exp l) = max(l, 0) + log(1 + exp −|l|)
                linear += Vector512.FusedMultiplyAdd(Vector512.Load(image + i), l, -Vector512.Max(l, Vector512<float>.Zero));
                var small = VectorMath.Exp2(Vector512.Abs(l) * Vector512.Create(-VectorMath.Log2E));
                product = Vector512.FusedMultiplyAdd(product, small, product);
            }
            log2 += VectorMath.Log2(product);
        }
        return VectorMath.Sum(linear) - VectorMath.Sum(log2) * (double)VectorMath.Ln2;
    }
}
