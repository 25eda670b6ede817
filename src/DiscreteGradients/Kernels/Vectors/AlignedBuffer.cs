using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>Scratch vectors outside the managed heap, uninitialised and aligned to a cache line.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct AlignedBuffer : IDisposable
{
    private readonly void* memory;

    /// <summary>Allocates room for <paramref name="vectors"/> vectors of 16 lanes.</summary>
    public AlignedBuffer(long vectors) =>
        memory = NativeMemory.AlignedAlloc((nuint)(vectors * sizeof(Vector512<float>)), (nuint)sizeof(Vector512<float>));

    /// <summary>The vectors from the given one on.</summary>
    public Vector512<T>* At<T>(long vector) => (Vector512<T>*)memory + vector;

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(memory);
}
