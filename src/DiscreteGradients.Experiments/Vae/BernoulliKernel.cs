using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>log p(x|l) = Σ_i x_i l_i − log(1 + exp l_i) from Bernoulli logits, one pass over a row.</summary>
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
