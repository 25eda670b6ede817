using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>Makes the exponential variates behind conditional draws, by tensor operations.</summary>
internal static class Exponentials
{
    /// <summary>Makes all K draws, in chunks [at most <paramref name="chunk"/> (even), ..., n] that share one buffer.</summary>
    /// <remarks>They share it because glibc before 2.38 seldom reuses freed aligned memory of this size.</remarks>
    public static IEnumerable<Tensor> Draw(NoiseKind kind, Tensor logProbs, int samples, int chunk, Generator generator)
    {
        var buffer = empty([Math.Min(chunk, samples), .. logProbs.shape], dtype: logProbs.dtype, device: logProbs.device);
        for (var first = 0; first < samples; first += chunk)
        {
            using var scope = NewDisposeScope();
            var target = buffer.slice(0, 0, Math.Min(chunk, samples - first), 1);
            if (kind == NoiseKind.Antithetic) Antithetic(target, generator);
            else Noise.Exponential(target, generator);
            yield return target;
        }
    }

    private static void Antithetic(Tensor target, Generator generator)
    {
        var half = (target.shape[0] + 1) / 2;
        var (lower, upper) = (target.slice(0, 0, half, 1), target.slice(0, half, target.shape[0], 1));
        // Zero, which uniform_ can give, would make an infinite variate.
        using Scalar least = 1.0 / (1 << 25);
        Noise.Uniform(lower, generator).clamp_(min: least);
        upper.copy_(lower.slice(0, 0, upper.shape[0], 1)).neg_().log1p_().neg_();
        lower.log_().neg_();
    }
}
