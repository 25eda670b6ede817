using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DiscreteGradients.Kernels;

/// <summary>Moves sixteen rows into the lanes of vectors and back. Nothing is computed, so the bits are the same with and without
/// AVX.</summary>
internal static unsafe class RowTranspose
{
    /// <summary>The number of rows of a block, one a lane.</summary>
    public const int Width = 16;

    private const int Half = 8;

    /// <summary>Loads a block of rows: target[j][lane] = source[lane][j]. Lanes beyond the rows repeat the last one.</summary>
    /// <param name="source">[rows, columns].</param>
    /// <param name="rows">1 to 16.</param>
    /// <param name="columns">≥ 0.</param>
    /// <param name="target">[columns, 16].</param>
    public static void FromRows(float* source, int rows, int columns, Vector512<float>* target)
    {
        for (var half = 0; half < Width; half += Half)
        {
            var done = 0;
            for (; Avx.IsSupported && half + Half <= rows && done + Half <= columns; done += Half)
                Transpose(source + half * columns + done, columns, (float*)(target + done) + half, Width);

            for (var lane = half; lane < half + Half; lane++)
            {
                var row = source + Math.Min(lane, rows - 1) * columns;
                for (var j = done; j < columns; j++)
                    ((float*)target)[j * Width + lane] = row[j];
            }
        }
    }

    /// <summary>Stores a block of rows: target[lane][j] = source[j][lane]. Lanes beyond the rows are left out.</summary>
    public static void ToRows(Vector512<float>* source, int rows, int columns, float* target)
    {
        for (var half = 0; half < rows; half += Half)
        {
            var done = 0;
            for (; Avx.IsSupported && half + Half <= rows && done + Half <= columns; done += Half)
                Transpose((float*)(source + done) + half, Width, target + half * columns + done, columns);

            for (var lane = half; lane < Math.Min(half + Half, rows); lane++)
            {
                for (var j = done; j < columns; j++)
                    target[lane * columns + j] = ((float*)source)[j * Width + lane];
            }
        }
    }

    // Transposes eight rows of eight columns in registers: the columns of four rows and of four more, then their halves together.
    private static void Transpose(float* source, int stride, float* target, int targetStride)
    {
        var (a, b) = Quarters(source, stride);
        var (c, d) = Quarters(source + 4 * stride, stride);
        Avx.Permute2x128(a.First, c.First, 0x20).Store(target);
        Avx.Permute2x128(a.Second, c.Second, 0x20).Store(target + targetStride);
        Avx.Permute2x128(b.First, d.First, 0x20).Store(target + 2 * targetStride);
        Avx.Permute2x128(b.Second, d.Second, 0x20).Store(target + 3 * targetStride);
        Avx.Permute2x128(a.First, c.First, 0x31).Store(target + 4 * targetStride);
        Avx.Permute2x128(a.Second, c.Second, 0x31).Store(target + 5 * targetStride);
        Avx.Permute2x128(b.First, d.First, 0x31).Store(target + 6 * targetStride);
        Avx.Permute2x128(b.Second, d.Second, 0x31).Store(target + 7 * targetStride);
    }

    // The columns of four rows, a pair a vector: 0 and 4, 1 and 5 (low), 2 and 6, 3 and 7 (high).
    private static (Pair Low, Pair High) Quarters(float* source, int stride)
    {
        var (first, second) = (Vector256.Load(source), Vector256.Load(source + stride));
        var (third, fourth) = (Vector256.Load(source + 2 * stride), Vector256.Load(source + 3 * stride));
        var (low, high) = (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
        var (nextLow, nextHigh) = (Avx.UnpackLow(third, fourth), Avx.UnpackHigh(third, fourth));
        // 0x44 takes the lower half of every 128 bits of the two vectors, 0xEE the upper half.
        return (new(Avx.Shuffle(low, nextLow, 0x44), Avx.Shuffle(low, nextLow, 0xEE)),
            new(Avx.Shuffle(high, nextHigh, 0x44), Avx.Shuffle(high, nextHigh, 0xEE)));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pair(Vector256<float> First, Vector256<float> Second);
}
