using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The source of a kernel's random words, one of the structs that a kernel takes as type argument.</summary>
/// <remarks>The compiler makes the kernel's loop anew for each source, so that a word costs no call. Coordinate 0 is the
/// category drawn, coordinates 1 … n − 1 the others, in the order that the kernel holds them. Within a step the coordinates
/// are asked for once each, in increasing order.</remarks>
internal unsafe interface IRandomWords<TSelf>
    where TSelf : struct, IRandomWords<TSelf>
{
    /// <summary>Starts the words of one stream.</summary>
    /// <param name="seed">The kernel's seed.</param>
    /// <param name="stream">The number of the block of rows.</param>
    /// <param name="state">Memory for the words to keep, a vector a coordinate.</param>
    static abstract TSelf Create(ulong seed, ulong stream, Vector512<uint>* state);

    /// <summary>Moves to step <paramref name="step"/> = 0, 1, 2, … in turn.</summary>
    void Begin(int step);

    /// <summary>The random words of one coordinate at this step.</summary>
    Vector512<uint> Next(int coordinate);
}
