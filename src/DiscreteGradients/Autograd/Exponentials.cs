using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>The exponential variates behind conditional draws, by tensor operations.</summary>
internal static class Exponentials
{
    /// <summary>All K draws, in chunks [at most <paramref name="chunk"/> (even), ..., n] that share one buffer.</summary>
    /// <remarks>One buffer, because glibc before 2.38 seldom reuses freed aligned memory of this size.</remarks>
    public static IEnumerable<Tensor> Draw(DrawKind kind, Tensor logProbs, Tensor value, int samples, int chunk, Generator generator)
    {
        var buffer = empty([Math.Min(chunk, samples), .. logProbs.shape], dtype: logProbs.dtype, device: logProbs.device);
        var shift = kind == DrawKind.Sobol
            ? randint(0, 1L << 32, logProbs.shape, dtype: ScalarType.Int64, device: logProbs.device, generator: generator)
            : null;
        for (var first = 0; first < samples; first += chunk)
        {
            using var scope = NewDisposeScope();
            var target = buffer.slice(0, 0, Math.Min(chunk, samples - first), 1);
            if (kind == DrawKind.Independent) target.exponential_(1.0, generator);
            else if (kind == DrawKind.Antithetic) Antithetic(target, generator);
            else Sobol(target, logProbs, value, first, shift!);
            yield return target;
        }
    }

    private static void Antithetic(Tensor target, Generator generator)
    {
        var half = (target.shape[0] + 1) / 2;
        var (lower, upper) = (target.slice(0, 0, half, 1), target.slice(0, half, target.shape[0], 1));
        // Zero, which uniform_ can give, would make an infinite variate.
        using Scalar least = 1.0 / (1 << 25);
        lower.uniform_(0, 1, generator).clamp_(min: least);
        upper.copy_(lower.slice(0, 0, upper.shape[0], 1)).neg_().log1p_().neg_();
        lower.log_().neg_();
    }

    private static void Sobol(Tensor target, Tensor logProbs, Tensor value, int first, Tensor shift)
    {
        var categories = logProbs.shape[^1];
        var points = new long[target.shape[0], categories];
        for (var k = 0; k < target.shape[0]; k++)
        {
            for (var dimension = 0; dimension < categories; dimension++) points[k, dimension] = SobolSequence.Point((uint)(first + k), dimension);
        }
        // The first coordinates, the best ones, go to the category drawn and to the most probable others.
        var rank = logProbs.masked_fill(value > Scalars.Zero, Scalars.Infinity).argsort(-1, descending: true).argsort(-1);
        var words = tensor(points, device: logProbs.device).index_select(1, rank.flatten()).reshape(target.shape).bitwise_xor(shift);
        using Scalar half = 0.5, unit = 1.0 / (1L << 32);
        target.copy_(words.to(ScalarType.Float64).Accumulate(half).mul_(unit).log_().neg_());
    }
}
