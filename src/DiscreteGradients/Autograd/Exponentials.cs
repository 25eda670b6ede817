using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>The exponential variates [count, ..., n] behind conditional draws, by tensor operations.</summary>
internal static class Exponentials
{
    /// <summary>All K draws, at most <paramref name="chunk"/> (even) at a time.</summary>
    public static IEnumerable<Tensor> Draw(DrawKind kind, Tensor logProbs, Tensor value, int samples, int chunk, Generator generator)
    {
        var shift = kind == DrawKind.Sobol
            ? randint(0, 1L << 32, logProbs.shape, dtype: ScalarType.Int64, device: logProbs.device, generator: generator)
            : null;
        for (var first = 0; first < samples; first += chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(chunk, samples - first);
            yield return kind switch
            {
                DrawKind.Independent => Empty(logProbs, count).exponential_(1.0, generator),
                DrawKind.Antithetic => Antithetic(logProbs, count, generator),
                _ => Sobol(logProbs, value, first, count, shift!),
            };
        }
    }

    private static Tensor Antithetic(Tensor logProbs, int count, Generator generator)
    {
        // Zero, which uniform_ can give, would make an infinite variate.
        var uniform = Empty(logProbs, (count + 1) / 2).uniform_(0, 1, generator).clamp_(min: 1.0 / (1 << 25));
        return cat([uniform.log().neg_(), uniform.neg().log1p_().neg_()]).slice(0, 0, count, 1);
    }

    private static Tensor Sobol(Tensor logProbs, Tensor value, int first, int count, Tensor shift)
    {
        var categories = logProbs.shape[^1];
        var points = new long[count, categories];
        for (var k = 0; k < count; k++)
        {
            for (var dimension = 0; dimension < categories; dimension++) points[k, dimension] = SobolSequence.Point((uint)(first + k), dimension);
        }
        // The first coordinates, the best ones, go to the category drawn and to the most probable others.
        var rank = where(value > 0, double.PositiveInfinity, logProbs).argsort(-1, descending: true).argsort(-1);
        var words = tensor(points, device: logProbs.device).index_select(1, rank.flatten()).reshape([count, .. logProbs.shape]).bitwise_xor(shift);
        return ((words.to(ScalarType.Float64) + 0.5) / (1L << 32)).log_().neg_().to(logProbs.dtype);
    }

    private static Tensor Empty(Tensor logProbs, long count) => empty([count, .. logProbs.shape], dtype: logProbs.dtype, device: logProbs.device);
}
