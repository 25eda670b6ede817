using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The arrays of one block of rows for <see cref="ConditionalJacobian"/>. Each has one meaning from its filling to
/// the end of the block.</summary>
/// <remarks>i is the category drawn; the others have a position q each, from 0 to n − 2 at most. An array holds a vector a
/// position, one lane a row or a draw, but where it says otherwise.</remarks>
/// <param name="memory">At least <see cref="Vectors"/> vectors.</param>
/// <param name="categories">The number n of categories.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct JacobianScratch(AlignedBuffer memory, int categories)
{
    /// <summary>The probabilities p_j.</summary>
    public readonly Vector512<float>* Probs = memory.At<float>(0);

    /// <summary>The logarithms log₂ p_j/τ.</summary>
    public readonly Vector512<float>* ScaledLogProbs = memory.At<float>(categories);

    /// <summary>The differences g_j − g_i of the incoming gradient.</summary>
    public readonly Vector512<float>* Differences = memory.At<float>(2L * categories);

    /// <summary>The weights w_j of the draw in hand; written by the algorithm.</summary>
    public readonly Vector512<float>* Weights = memory.At<float>(3L * categories);

    /// <summary>The sums over the draws, 0 at the start.</summary>
    public readonly Vector512<float>* Totals = memory.At<float>(4L * categories);

    /// <summary>The memory of the random words, a vector a coordinate, of which there are n at most.</summary>
    public readonly Vector512<uint>* State = memory.At<uint>(5L * categories);

    /// <summary>The category at each position, an integer a position; with 16 draws a vector only.</summary>
    public readonly int* Category = (int*)memory.At<int>(6L * categories);

    /// <summary>The rows' log p_j as they came, n vectors; with 16 rows a vector only.</summary>
    public readonly Vector512<float>* LoadedLogProbs = memory.At<float>(7L * categories);

    /// <summary>The rows' g_j as they came, n vectors; with 16 rows a vector only.</summary>
    public readonly Vector512<float>* LoadedGradient = memory.At<float>(8L * categories);

    /// <summary>The gradient g_i of each row, one vector; with 16 rows a vector only.</summary>
    public readonly Vector512<float>* DrawnGradient = memory.At<float>(9L * categories);

    /// <summary>The category i drawn in each row, 16 integers, the last category where none was; with 16 rows a vector
    /// only.</summary>
    public readonly int* Drawn = (int*)memory.At<int>(9L * categories + 1);

    /// <summary>The number of vectors that the arrays of <paramref name="categories"/> categories take.</summary>
    public static long Vectors(int categories) => 9L * categories + 2;
}
