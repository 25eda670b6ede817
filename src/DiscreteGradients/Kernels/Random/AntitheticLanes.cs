using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The words of antithetic pairs where a step has 16 draws of a row: each odd lane holds the complement of the lane
/// before it.</summary>
/// <remarks>Pairs lie within a step, for K may be smaller than a step. As with <see cref="AntitheticWords"/>, a complement is
/// exactly 1 − u.</remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct AntitheticLanes : IRandomWords<AntitheticLanes>
{
    private Xoshiro128 generator;

    /// <inheritdoc/>
    public static AntitheticLanes Create(ulong seed, ulong stream, Vector512<uint>* state) =>
        new() { generator = new Xoshiro128(seed, stream) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Begin(int step)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next(int coordinate)
    {
        var even = generator.Next().AsUInt64() & Vector512.Create((ulong)uint.MaxValue);
        return (even | ~even << 32).AsUInt32();
    }
}
