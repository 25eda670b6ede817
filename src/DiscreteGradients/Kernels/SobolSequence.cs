using System.Numerics;

namespace DiscreteGradients.Kernels;

/// <summary>Sobol' points in base 2, as 32-bit fractions: any 2ᵐ points with aligned numbers are balanced.</summary>
/// <remarks>Point k is the XOR of the direction numbers of the bits of k's Gray code, so that point k differs from
/// point k − 1 by the direction number of k's lowest set bit.</remarks>
internal static unsafe class SobolSequence
{
    /// <summary>The number of coordinates.</summary>
    public const int Dimensions = JoeKuo.Dimensions;

    /// <summary>Direction numbers of a word, and zeros for as many bits as a vector's lanes take, and one for "no bit".</summary>
    public const int Bits = 37;

    private const int WordBits = 32;

    // Pinned, so that kernels may hold its address; never written again.
    private static readonly uint[] Table = Build();

    /// <summary>Direction numbers [<see cref="Bits"/>, <see cref="Dimensions"/>]; zeros from bit 32 on.</summary>
    public static uint* Directions { get; } = (uint*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(Table, 0);

    /// <summary>One coordinate of one point.</summary>
    public static uint Point(uint number, int dimension)
    {
        var result = 0u;
        for (var gray = number ^ (number >> 1); gray != 0; gray &= gray - 1)
        {
            result ^= Table[(BitOperations.TrailingZeroCount(gray) * Dimensions) + dimension];
        }

        return result;
    }

    private static uint[] Build()
    {
        var table = GC.AllocateArray<uint>(Bits * Dimensions, pinned: true);
        for (var bit = 0; bit < WordBits; bit++)
        {
            table[bit * Dimensions] = 1u << (WordBits - 1 - bit);
        }

        var rows = JoeKuo.Rows;
        for (var dimension = 1; dimension < Dimensions; dimension++)
        {
            int degree = rows[0];
            Grow(table.AsSpan(dimension), degree, rows[1], rows.Slice(2, degree));
            rows = rows[(2 + degree)..];
        }

        return table;
    }

    // v_k = a_1 v_(k−1) ⊕ … ⊕ a_(s−1) v_(k−s+1) ⊕ v_(k−s) ⊕ v_(k−s)/2^s
    private static void Grow(Span<uint> column, int degree, int inner, ReadOnlySpan<ushort> initial)
    {
        for (var bit = 0; bit < WordBits; bit++)
        {
            if (bit < degree)
            {
                column[bit * Dimensions] = (uint)initial[bit] << (WordBits - 1 - bit);
                continue;
            }

            var oldest = column[(bit - degree) * Dimensions];
            var next = oldest ^ (oldest >> degree);
            for (var i = 1; i < degree; i++)
            {
                next ^= (uint)((inner >> (degree - 1 - i)) & 1) * column[(bit - i) * Dimensions];
            }

            column[bit * Dimensions] = next;
        }
    }
}
