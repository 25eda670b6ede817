using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Sobol' points under a random digital shift, one shift a row: unbiased, and far less noisy than independent
/// draws where the first coordinates matter most.</summary>
/// <remarks>The points are walked in Gray-code order: a step is one XOR for every 16 coordinates, and no table of points
/// is kept. The state holds the point, then a vector of shifts a coordinate.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct SobolDraws : IDraws<SobolDraws>
{
    private const int LaneBits = 4;
    private const int Lanes = 1 << LaneBits;

    private readonly Vector512<uint>* shifts;
    private readonly Vector512<uint>* point;
    private readonly uint* directions;
    private readonly int vectors;

    private SobolDraws(Vector512<uint>* state, int coordinates, uint* directions)
    {
        vectors = (coordinates + Lanes - 1) / Lanes;
        point = state;
        shifts = state + vectors;
        this.directions = directions;
        new Span<Vector512<uint>>(state, vectors).Clear();
    }

    /// <inheritdoc/>
    public static bool Ordered => true;

    /// <inheritdoc/>
    public static SobolDraws OfRows(ulong seed, ulong stream, Vector512<uint>* state, int coordinates)
    {
        var draws = new SobolDraws(state, coordinates, SobolSequence.Directions);
        var generator = new Xoshiro128(seed, stream);
        for (var i = 0; i < coordinates; i++)
        {
            draws.shifts[i] = generator.Next();
        }

        return draws;
    }

    /// <inheritdoc/>
    public static SobolDraws OfDraws(ulong seed, ulong stream, Vector512<uint>* state, int coordinates)
    {
        // The lanes take the lowest bits of a point's number.
        var draws = new SobolDraws(state, coordinates, SobolSequence.Directions + (LaneBits * SobolSequence.Dimensions));
        var generator = new Xoshiro128(seed, stream);
        var words = Vector512<uint>.Zero;
        for (var i = 0; i < coordinates; i++)
        {
            words = i % Lanes == 0 ? generator.Next() : words;
            for (var lane = 0; lane < Lanes; lane++)
            {
                ((uint*)(draws.shifts + i))[lane] = words[i % Lanes] ^ SobolSequence.Point((uint)lane, i);
            }
        }

        return draws;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(int step)
    {
        var change = directions + (BitOperations.TrailingZeroCount(step) * SobolSequence.Dimensions);
        for (var i = 0; i < vectors; i++)
        {
            point[i] ^= Vector512.Load(change + (i * Lanes));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next(int coordinate) => shifts[coordinate] ^ Vector512.Create(((uint*)point)[coordinate]);
}
