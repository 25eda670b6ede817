using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional Jacobian product for n = 2, with 16 rows a vector and one uniform variate a draw.</summary>
/// <remarks>E_j/(E_i + E_j) is uniform, so that with u in (0, 1) the weight of <see cref="ConditionalJacobian"/> becomes
/// w = (p_j (1 − u) / (u + p_j (1 − u)))^(1/τ), and ∂_j = (g_j − g_i)/τ times the mean of w/(1 + w)².</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct BinaryJacobian<TWords>(GumbelRaoProblem problem) : IBlockJob
    where TWords : struct, IRandomWords<TWords>
{
    /// <summary>The number of rows of a block, one a lane.</summary>
    public const int Width = 16;

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        float* logProbs = stackalloc float[Width];
        float* means = stackalloc float[Width];
        var state = stackalloc Vector512<uint>[1];
        for (var block = first; block < end; block++)
        {
            var firstRow = block * Width;
            for (var lane = 0; lane < Width; lane++)
            {
                var row = Math.Min(firstRow + lane, problem.Rows - 1);
                var drawn = problem.Drawn(row);
                logProbs[lane] = drawn < 0 ? float.NegativeInfinity : problem.LogProbs[problem.Offset(row) + 1 - drawn];
            }

            var words = TWords.Create(problem.Seed, (ulong)block, state);
            (Sum(words, Vector512.Load(logProbs)) * Vector512.Create(problem.Scale)).Store(means);
            for (var lane = 0; lane < Math.Min(Width, problem.Rows - firstRow); lane++)
                Store(firstRow + lane, means[lane]);
        }
    }

    // Σ w/(1 + w)² over the draws.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private Vector512<float> Sum(TWords words, Vector512<float> logProb)
    {
        var power = Vector512.Create(1 / problem.Temperature);
        var prob = VectorMath.Exp(logProb);
        var scaled = logProb * Vector512.Create(VectorMath.Log2E) * power;
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var k = 0;
        // Two draws at a time: one draw is a chain of dependent operations.
        for (; k < problem.Samples - 1; k += 2)
        {
            words.Begin(k);
            even += Slope(words.Next(0), prob, scaled, power);
            words.Begin(k + 1);
            odd += Slope(words.Next(0), prob, scaled, power);
        }

        words.Begin(k);
        return k < problem.Samples ? even + odd + Slope(words.Next(0), prob, scaled, power) : even + odd;
    }

    // w/(1 + w)². Here u stands for 2²⁴ u and rest for 2²⁴ (1 − u): both are integers, exact as floats, and 2²⁴ cancels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slope(
        Vector512<uint> random, Vector512<float> prob, Vector512<float> scaled, Vector512<float> power)
    {
        var u = VectorMath.Odd24(random);
        var rest = Vector512.Create(16777216f) - u;
        var ratio = rest / Vector512.FusedMultiplyAdd(prob, rest, u);
        var w = VectorMath.Exp2(Vector512.FusedMultiplyAdd(VectorMath.Log2(ratio), power, scaled));
        var whole = Vector512<float>.One + w;
        return w / (whole * whole);
    }

    // A masked category has mean 0, but its g may be NaN.
    private void Store(int row, float mean)
    {
        var output = problem.Output + problem.Offset(row);
        var gradient = problem.Gradient + problem.Offset(row);
        var drawn = Math.Max(problem.Drawn(row), 0);
        var masked = !(problem.LogProbs[problem.Offset(row) + 1 - drawn] > GumbelRaoProblem.MaskedLogProb);
        var product = masked ? 0 : mean * (gradient[1 - drawn] - gradient[drawn]);
        output[1 - drawn] = product;
        output[drawn] = 0 - product;
    }
}
