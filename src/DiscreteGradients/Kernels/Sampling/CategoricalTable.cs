using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Draws the same V categorical variables many times over, 16 draws at once without a branch.</summary>
/// <remarks>A random 32-bit integer is compared with the n − 1 partial sums of its variable, held as integer
/// thresholds: probabilities are exact to 2⁻³¹. Thresholds lie in the order in which a flat [S, V] array meets the
/// variables, so that no lane is wasted whatever V is. Instances are immutable.</remarks>
internal sealed unsafe class CategoricalTable
{
    /// <summary>The largest number of categories n: an index fits a byte.</summary>
    public const int MostCategories = 256;

    private const int Width = 16;
    private const int VectorsPerBlock = 1024;

    private readonly Vector512<int>[] thresholds;
    private readonly int variables;
    private readonly int period;
    private readonly int categories;

    /// <summary>Prepares log-probabilities [V, n], masked where at most −1e8; they need not be normalised.</summary>
    /// <exception cref="ArgumentException">A variable has no open category, or n exceeds
    /// <see cref="MostCategories"/>.</exception>
    public CategoricalTable(ReadOnlySpan<float> logProbs, int categories)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(categories, MostCategories);
        this.categories = categories;
        variables = logProbs.Length / categories;
        period = variables / Math.Min(Width, variables & -variables);
        thresholds = new Vector512<int>[period * (categories - 1)];
        var row = new int[categories - 1];
        var probs = new float[categories];
        for (var variable = 0; variable < variables; variable++)
        {
            SetThresholds(logProbs.Slice(variable * categories, categories), probs, row);
            for (var flat = variable; flat < period * Width; flat += variables)
            {
                for (var j = 0; j < row.Length; j++)
                {
                    var (vector, lane) = Math.DivRem(flat, Width);
                    ref var threshold = ref thresholds[vector * row.Length + j];
                    threshold = threshold.WithElement(lane, row[j]);
                }
            }
        }
    }

    /// <summary>Fills indices [S, V] with iid draws of the V variables.</summary>
    /// <remarks>The same draws for any number of threads and on every machine.</remarks>
    public void Draw(byte* indices, long samples, ulong seed, int threads)
    {
        var length = samples * variables;
        const int blockLength = VectorsPerBlock * Width;
        Blocks.Run(new Job(this, indices, length, seed), (int)((length + blockLength - 1) / blockLength), threads);
    }

    // threshold_j is F_j (2³² − 1) − 2³¹, F_j the distribution function, summed from the top: small tails stay exact. A
    // random integer is even, hence below int.MaxValue: there a category is certain; and never below int.MinValue: there it
    // is impossible.
    private static void SetThresholds(ReadOnlySpan<float> logProbs, Span<float> probs, Span<int> row)
    {
        VectorMath.Exp(logProbs, probs);
        var total = 0.0;
        foreach (var prob in probs)
            total += prob;

        if (!(total > 0))
            throw new ArgumentException("a variable has no open category", nameof(logProbs));

        const double twoTo31 = 2147483648.0, largestUnsigned = 4294967295.0;
        var above = 0.0;
        for (var j = row.Length; j > 0; j--)
        {
            above += probs[j];
            var cumulative = Math.Max(1 - above / total, 0);
            row[j - 1] = above > 0 ? (int)(cumulative * largestUnsigned - twoTo31) : int.MaxValue;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Fill(Xoshiro128 generator, long firstVector, byte* target, long length)
    {
        var step = categories - 1;
        var phase = (int)(firstVector % period);
        fixed (Vector512<int>* table = thresholds)
        {
            long i = 0;
            for (; i <= length - Width; i += Width)
            {
                Narrow(Draw(generator.Next(), table + phase * step, step)).Store((sbyte*)target + i);
                phase = phase + 1 == period ? 0 : phase + 1;
            }

            var rest = i < length ? Narrow(Draw(generator.Next(), table + phase * step, step)) : default;
            for (var lane = 0; i + lane < length; lane++)
                target[i + lane] = (byte)rest[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Draw(Vector512<uint> random, Vector512<int>* thresholds, int count)
    {
        var even = random.AsInt32() & Vector512.Create(~1);
        var drawn = Vector512.Create(count);
        for (var j = 0; j < count; j++)
            drawn += Vector512.LessThan(even, thresholds[j]);

        return drawn;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Narrow(Vector512<int> x)
    {
        var half = Vector256.Narrow(x.GetLower(), x.GetUpper());
        return Vector128.Narrow(half.GetLower(), half.GetUpper());
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Job(CategoricalTable table, byte* indices, long length, ulong seed) : IBlockJob
    {
        public void Run(int first, int end)
        {
            for (var block = first; block < end; block++)
            {
                var vector = (long)block * VectorsPerBlock;
                var start = vector * Width;
                var count = Math.Min((long)VectorsPerBlock * Width, length - start);
                table.Fill(new Xoshiro128(seed, (ulong)block), vector, indices + start, count);
            }
        }
    }
}
