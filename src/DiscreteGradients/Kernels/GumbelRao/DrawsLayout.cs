using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional Jacobian product with 16 draws of one row a vector: for many categories or few rows.</summary>
/// <remarks>The algorithm is that of <see cref="ConditionalJacobian"/>. The arrays that do not depend on the draw are
/// packed, a float a position. Masked categories take neither time nor random words.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct DrawsLayout<TWords>(GumbelRaoProblem problem) : IBlockJob, IJacobianLayout
    where TWords : struct, IRandomWords<TWords>
{
    /// <inheritdoc/>
    public static int DrawsAStep => Vector512<float>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> At(Vector512<float>* numbers, int position) => Vector512.Create(Scalars(numbers)[position]);

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        using var memory = new AlignedBuffer(JacobianScratch.Vectors(problem.Categories));
        var scratch = new JacobianScratch(memory, problem.Categories);
        for (var row = first; row < end; row++)
        {
            var drawn = problem.Drawn(row);
            if (drawn < 0)
            {
                new Span<float>(problem.Output + problem.Offset(row), problem.Categories).Clear();
                continue;
            }

            var open = SetUp(scratch, row, drawn);
            var words = TWords.Create(problem.Seed, (ulong)row, scratch.State);
            ConditionalJacobian.Accumulate<TWords, DrawsLayout<TWords>>(problem, words, scratch, open);
            Store(scratch, row, drawn, open);
        }
    }

    // Gives the open categories that were not drawn a position each, in order; returns how many there are.
    private int SetUp(in JacobianScratch scratch, int row, int drawn)
    {
        var logProbs = problem.LogProbs + problem.Offset(row);
        var gradient = problem.Gradient + problem.Offset(row);
        var open = 0;
        for (var category = 0; category < problem.Categories; category++)
        {
            if (category == drawn || logProbs[category] <= GumbelRaoProblem.MaskedLogProb) continue;
            scratch.Category[open] = category;
            Scalars(scratch.Probs)[open] = logProbs[category];
            Scalars(scratch.ScaledLogProbs)[open] = logProbs[category] * VectorMath.Log2E * (1 / problem.Temperature);
            Scalars(scratch.Differences)[open] = gradient[category] - gradient[drawn];
            scratch.Totals[open++] = Vector512<float>.Zero;
        }

        var probs = new Span<float>(Scalars(scratch.Probs), open);
        VectorMath.Exp(probs, probs);
        return open;
    }

    private void Store(in JacobianScratch scratch, int row, int drawn, int open)
    {
        var output = problem.Output + problem.Offset(row);
        var sum = 0f;
        new Span<float>(output, problem.Categories).Clear();
        for (var q = 0; q < open; q++)
        {
            var gradient = VectorMath.Sum(scratch.Totals[q]) * problem.Scale;
            output[scratch.Category[q]] = gradient;
            sum += gradient;
        }

        output[drawn] = 0 - sum;
    }

    private static float* Scalars(Vector512<float>* numbers) => (float*)numbers;
}
