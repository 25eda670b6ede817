using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Adds Gumbel noise to log-probabilities.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct GumbelKernel : IBlockJob
{
    private const int BlockLength = 4096;
    // log₂ ln 2: G = −ln(ln 2 · e) for a base-2 exponential e.
    private const float Log2Ln2 = -0.528766373f;

    private readonly float* logProbs;
    private readonly float* perturbed;
    private readonly long length;
    private readonly ulong seed;

    private GumbelKernel(float* logProbs, float* perturbed, long length, ulong seed)
    {
        this.logProbs = logProbs;
        this.perturbed = perturbed;
        this.length = length;
        this.seed = seed;
    }

    /// <summary>Sets perturbed = logProbs + G for <paramref name="length"/> floats, G iid standard Gumbel in [−2.9,
    /// 16.7].</summary>
    /// <remarks>G = −ln E with E from an odd 24-bit integer: its law is exact to 2⁻²⁴ in distribution. The same bits for
    /// any number of threads and on every machine. The arrays may be the same.</remarks>
    public static void Perturb(float* logProbs, float* perturbed, long length, ulong seed, int threads) =>
        Blocks.Run(
            new GumbelKernel(logProbs, perturbed, length, seed), (int)((length + BlockLength - 1) / BlockLength), threads);

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        for (var block = first; block < end; block++)
        {
            var start = (long)block * BlockLength;
            var count = (int)Math.Min(BlockLength, length - start);
            Fill(new Xoshiro128(seed, (ulong)block), logProbs + start, perturbed + start, count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Fill(Xoshiro128 generator, float* source, float* target, int count)
    {
        var i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            (Vector512.Load(source + i) + Noise(generator.Next())).Store(target + i);

        if (i < count)
        {
            var rest = Noise(generator.Next());
            for (var lane = 0; i + lane < count; lane++)
                target[i + lane] = source[i + lane] + rest[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Noise(Vector512<uint> random)
    {
        var logExponential = VectorMath.Log2OfNegated(VectorMath.NegativeExponential2(random)) + Vector512.Create(Log2Ln2);
        return logExponential * Vector512.Create(-VectorMath.Ln2);
    }
}
