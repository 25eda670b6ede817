using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The arrays of one block of rows: a vector of 16 lanes a position, of which there are n − 1, the drawn category
/// left out; and one vector more.</summary>
/// <param name="memory">At least <see cref="Vectors"/> vectors.</param>
/// <param name="categories">n.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct JacobianScratch(AlignedBuffer memory, int categories)
{
    /// <summary>p_j.</summary>
    public readonly Vector512<float>* Probs = memory.At<float>(0);

    /// <summary>log p_j as loaded, then log₂ p_j / τ.</summary>
    public readonly Vector512<float>* LogProbs = memory.At<float>(categories);

    /// <summary>g_j as loaded, then g_j − g_i.</summary>
    public readonly Vector512<float>* Gradient = memory.At<float>(2L * categories);

    /// <summary>w_j of the draw in hand.</summary>
    public readonly Vector512<float>* Weights = memory.At<float>(3L * categories);

    /// <summary>Sums over the draws.</summary>
    public readonly Vector512<float>* Total = memory.At<float>(4L * categories);

    /// <summary>The category at each position, positions contiguous: [16, n − 1].</summary>
    public readonly int* Order = (int*)memory.At<int>(5L * categories);

    /// <summary>g_i.</summary>
    public readonly Vector512<float>* DrawnGradient = memory.At<float>(6L * categories);

    /// <summary>The category drawn in each lane, the last where there is none.</summary>
    public readonly int* Drawn = (int*)memory.At<int>(6L * categories + 1);

    /// <summary>The state of the draws, a vector a category.</summary>
    public readonly Vector512<uint>* State = memory.At<uint>(6L * categories + 2);

    /// <summary>How much scratch <paramref name="categories"/> categories need.</summary>
    public static long Vectors(int categories) => 7L * categories + 2;
}
