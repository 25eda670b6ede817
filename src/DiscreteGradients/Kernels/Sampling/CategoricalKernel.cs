using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Draws one category for each row from the row's own distribution, by inverting the distribution function.</summary>
/// <remarks>With u in (0, 1) and Z the last partial sum of the probabilities, the draw is the first category whose partial
/// sum exceeds uZ. A masked category adds exactly 0 to the sum, and 0 &lt; uZ &lt; Z in floats too: it is never
/// drawn.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct CategoricalKernel : IBlockJob
{
    // One vector of uniform variates.
    private const int RowsPerBlock = 16;

    private readonly float* logProbs;
    private readonly float* value;
    private readonly int rows;
    private readonly int categories;
    private readonly ulong seed;

    private CategoricalKernel(float* logProbs, float* value, int rows, int categories, ulong seed)
    {
        this.logProbs = logProbs;
        this.value = value;
        this.rows = rows;
        this.categories = categories;
        this.seed = seed;
    }

    /// <summary>Draws one-hot values [rows, n] from log-probabilities [rows, n], masked where at most −1e8. A row with no open
    /// category gets all zeros; a row of NaN gets NaN.</summary>
    /// <remarks>The same draws for any number of threads and on every machine.</remarks>
    public static void Draw(
        float* logProbs, float* value, int rows, int categories, ulong seed, int threads) =>
        Blocks.Run(
            new CategoricalKernel(logProbs, value, rows, categories, seed),
            (rows + RowsPerBlock - 1) / RowsPerBlock,
            threads);

    /// <inheritdoc/>
    public void Run(int first, int end)
    {
        var uniforms = stackalloc float[RowsPerBlock];
        using var scratch = new AlignedBuffer(categories);
        var sums = (float*)scratch.At<float>(0);
        for (var block = first; block < end; block++)
        {
            var start = block * RowsPerBlock;
            var count = Math.Min(RowsPerBlock, rows - start);
            var probs = new Span<float>(sums, count * categories);
            VectorMath.Exp(new ReadOnlySpan<float>(logProbs + (long)start * categories, probs.Length), probs);
            Accumulate(sums);
            var generator = new Xoshiro128(seed, (ulong)block);
            (VectorMath.Odd24(generator.Next()) * Vector512.Create(1f / 16777216f)).Store(uniforms);
            for (var row = 0; row < count; row++)
                Store(start + row, Invert(sums + row * categories, uniforms[row]));
        }
    }

    // Partial sums of every row of a block, of those that it lacks too. Eight rows at a time: each addition waits for the
    // one before it in its row.
    private void Accumulate(float* sums)
    {
        var n = categories;
        for (var half = 0; half < RowsPerBlock; half += 8, sums += 8 * n)
        {
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
            for (var p = sums; p < sums + n; p++)
            {
                p[0] = s0 += p[0];
                p[n] = s1 += p[n];
                p[2 * n] = s2 += p[2 * n];
                p[3 * n] = s3 += p[3 * n];
                p[4 * n] = s4 += p[4 * n];
                p[5 * n] = s5 += p[5 * n];
                p[6 * n] = s6 += p[6 * n];
                p[7 * n] = s7 += p[7 * n];
            }
        }
    }

    // The first category whose partial sum exceeds uniform · Z; −1 where nothing is open.
    private int Invert(float* sums, float uniform)
    {
        var target = uniform * sums[categories - 1];
        var (below, j) = (0, 0);
        for (; j <= categories - Vector512<float>.Count; j += Vector512<float>.Count)
        {
            var notAbove = Vector512.LessThanOrEqual(Vector512.Load(sums + j), Vector512.Create(target));
            below += BitOperations.PopCount(notAbove.ExtractMostSignificantBits());
        }

        for (; j < categories; j++)
            below += sums[j] <= target ? 1 : 0;

        return below < categories ? below : -1;
    }

    private void Store(int row, int drawn)
    {
        var target = new Span<float>(value + (long)row * categories, categories);
        target.Clear();
        if (drawn >= 0) target[drawn] = 1;
        else if (float.IsNaN(logProbs[(long)row * categories])) target.Fill(float.NaN);
    }
}
