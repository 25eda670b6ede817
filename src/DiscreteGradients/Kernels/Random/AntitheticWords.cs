using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The words of antithetic pairs, draws from u and 1 − u, where a step has one draw of a row: an odd step gives the
/// complements of the words of the step before.</summary>
/// <remarks>As odd 24-bit integers m and 2²⁴ − m, the complements of words are exactly 1 − u.</remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct AntitheticWords : IRandomWords<AntitheticWords>
{
    private Xoshiro128 generator;
    private Vector512<uint>* words;
    private bool second;

    /// <inheritdoc/>
    public static AntitheticWords Create(ulong seed, ulong stream, Vector512<uint>* state) =>
        new() { generator = new Xoshiro128(seed, stream), words = state };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(int step) => second = (step & 1) == 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next(int coordinate)
    {
        if (second) return ~words[coordinate];
        return words[coordinate] = generator.Next();
    }
}
