using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The words of independent draws (plain Monte Carlo).</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct IndependentWords : IRandomWords<IndependentWords>
{
    private Xoshiro128 generator;

    /// <inheritdoc/>
    public static IndependentWords Create(ulong seed, ulong stream, Vector512<uint>* state) =>
        new() { generator = new Xoshiro128(seed, stream) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Begin(int step)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next(int coordinate) => generator.Next();
}
