using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Independent draws (plain Monte Carlo).</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct GeneratorDraws : IDraws<GeneratorDraws>
{
    private Xoshiro128 generator;

    /// <inheritdoc/>
    public static GeneratorDraws OfRows(ulong seed, ulong stream, Vector512<uint>* state, int coordinates) =>
        new() { generator = new Xoshiro128(seed, stream) };

    /// <inheritdoc/>
    public static GeneratorDraws OfDraws(ulong seed, ulong stream, Vector512<uint>* state, int coordinates) =>
        OfRows(seed, stream, state, coordinates);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Begin(int step)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next(int coordinate) => generator.Next();
}
