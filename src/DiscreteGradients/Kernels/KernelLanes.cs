using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The arrays of one block of rows: a vector of 16 lanes a position, the drawn category left out.</summary>
/// <param name="scratch">At least <see cref="Vectors"/> vectors.</param>
/// <param name="positions">n − 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct KernelLanes(AlignedBuffer scratch, int positions)
{
    /// <summary>p_j.</summary>
    public readonly Vector512<float>* Probs = scratch.At<float>(0);

    /// <summary>log p_j as loaded, then log₂ p_j / τ.</summary>
    public readonly Vector512<float>* LogProbs = scratch.At<float>(positions);

    /// <summary>g_j as loaded, then g_j − g_i.</summary>
    public readonly Vector512<float>* Gradient = scratch.At<float>(2L * positions);

    /// <summary>w_j of the draw in hand.</summary>
    public readonly Vector512<float>* Weights = scratch.At<float>(3L * positions);

    /// <summary>Sums over the draws.</summary>
    public readonly Vector512<float>* Total = scratch.At<float>(4L * positions);

    /// <summary>The category at each position, positions contiguous: [16, n − 1].</summary>
    public readonly int* Order = (int*)scratch.At<int>(5L * positions);

    /// <summary>g_i.</summary>
    public readonly Vector512<float>* DrawnGradient = scratch.At<float>(6L * positions);

    /// <summary>The category drawn in each lane, −1 where there is none.</summary>
    public readonly int* Drawn = (int*)scratch.At<int>((6L * positions) + 1);

    /// <summary>The state of the draws.</summary>
    public readonly Vector512<uint>* State = scratch.At<uint>((6L * positions) + 2);

    /// <summary>How much scratch <paramref name="positions"/> positions need.</summary>
    public static long Vectors(int positions) => (6L * positions) + 2 + StateVectors(positions + 1L);

    /// <summary>How much state any source of draws needs: a vector a coordinate and a word more.</summary>
    public static long StateVectors(long coordinates) => coordinates + ((coordinates + 15) / 16);
}
