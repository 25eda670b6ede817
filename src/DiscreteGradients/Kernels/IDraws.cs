using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Where a kernel's random words come from. A struct type argument: the compiled loop knows it, and pays nothing.</summary>
/// <remarks>Coordinate 0 is the category drawn, coordinates 1 … n − 1 the others, in the order that the kernel holds them.
/// Within a draw the coordinates are asked for once each, in increasing order.</remarks>
internal unsafe interface IDraws<TSelf>
    where TSelf : struct, IDraws<TSelf>
{
    /// <summary>The draws of 16 rows, one a lane; the state is scratch that the draws keep.</summary>
    static abstract TSelf OfRows(ulong seed, ulong stream, Vector512<uint>* state, int coordinates);

    /// <summary>The draws of one row, 16 at a time, one a lane; the state as above.</summary>
    static abstract TSelf OfDraws(ulong seed, ulong stream, Vector512<uint>* state, int coordinates);

    /// <summary>Moves to step <paramref name="step"/> = 0, 1, 2, … in turn.</summary>
    void Begin(int step);

    /// <summary>The random words of one coordinate at this step.</summary>
    Vector512<uint> Next(int coordinate);
}
