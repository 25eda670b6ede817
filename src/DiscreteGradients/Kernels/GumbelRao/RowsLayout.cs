using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The conditional Jacobian product with 16 rows a vector: for many rows of few categories.</summary>
/// <remarks>The algorithm is that of <see cref="ConditionalJacobian"/>.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct RowsLayout<TWords>(GumbelRaoProblem problem) : IBlockJob, IJacobianLayout
    where TWords : struct, IRandomWords<TWords>
{
    /// <summary>The number of rows of a block, one a lane.</summary>
    public const int Width = RowTranspose.Width;

    private readonly int positions = problem.Categories - 1;

    /// <inheritdoc/>
    public static int DrawsAStep => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> At(Vector512<float>* numbers, int position) => numbers[position];

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        using var memory = new AlignedBuffer(JacobianScratch.Vectors(positions + 1));
        var scratch = new JacobianScratch(memory, positions + 1);
        for (var block = first; block < end; block++)
        {
            var row = block * Width;
            var rows = Math.Min(Width, problem.Rows - row);
            Load(scratch, row, rows);
            SetUp(scratch);
            var words = TWords.Create(problem.Seed, (ulong)block, scratch.State);
            ConditionalJacobian.Accumulate<TWords, RowsLayout<TWords>>(problem, words, scratch, positions);
            Store(scratch, row, rows);
        }
    }

    // Position q holds category q; but that of the drawn category holds the last one, so that n − 1 positions do for all others.
    private void Load(in JacobianScratch scratch, int first, int rows)
    {
        RowTranspose.FromRows(problem.LogProbs + problem.Offset(first), rows, positions + 1, scratch.LoadedLogProbs);
        RowTranspose.FromRows(problem.Gradient + problem.Offset(first), rows, positions + 1, scratch.LoadedGradient);
        for (var lane = 0; lane < Width; lane++)
        {
            var row = first + Math.Min(lane, rows - 1);
            var found = problem.Drawn(row);
            var drawn = found < 0 ? positions : found;
            float* logProbs = (float*)scratch.LoadedLogProbs + lane, gradient = (float*)scratch.LoadedGradient + lane;
            scratch.Drawn[lane] = drawn;
            ((float*)scratch.DrawnGradient)[lane] = found < 0 ? 0 : gradient[drawn * Width];
            logProbs[drawn * Width] = logProbs[positions * Width];
            gradient[drawn * Width] = gradient[positions * Width];
            for (var q = 0; found < 0 && q < positions; q++)
                logProbs[q * Width] = float.NegativeInfinity;
        }
    }

    // A masked category gets weight 2^−∞ = 0 and gradient 0.
    private void SetUp(in JacobianScratch scratch)
    {
        for (var q = 0; q < positions; q++)
        {
            var logProb = scratch.LoadedLogProbs[q];
            var open = Vector512.GreaterThan(logProb, Vector512.Create(GumbelRaoProblem.MaskedLogProb));
            var difference = scratch.LoadedGradient[q] - *scratch.DrawnGradient;
            scratch.Differences[q] = Vector512.ConditionalSelect(open, difference, Vector512<float>.Zero);
            scratch.Probs[q] = VectorMath.Exp(logProb);
            scratch.ScaledLogProbs[q] = logProb * Vector512.Create(VectorMath.Log2E * (1 / problem.Temperature));
            scratch.Totals[q] = Vector512<float>.Zero;
        }
    }

    private void Store(in JacobianScratch scratch, int first, int rows)
    {
        var scale = Vector512.Create(problem.Scale);
        var sum = Vector512<float>.Zero;
        for (var q = 0; q < positions; q++)
        {
            scratch.Totals[q] *= scale;
            sum += scratch.Totals[q];
        }

        var rest = Vector512<float>.Zero - sum;
        for (var lane = 0; lane < rows; lane++)
        {
            var target = (float*)scratch.Totals + lane;
            target[positions * Width] = target[scratch.Drawn[lane] * Width];
            target[scratch.Drawn[lane] * Width] = rest[lane];
        }

        RowTranspose.ToRows(scratch.Totals, rows, positions + 1, problem.Output + problem.Offset(first));
    }
}
