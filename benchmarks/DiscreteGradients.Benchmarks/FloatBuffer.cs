using System.Runtime.InteropServices;

namespace DiscreteGradients.Benchmarks;

/// <summary>Native floats, aligned as libtorch's are.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int Alignment = 64;

    public FloatBuffer(int length)
    {
        Pointer = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), Alignment);
        Values = length;
        Span.Clear();
    }

    public float* Pointer { get; }

    public int Values { get; }

    public Span<float> Span => new(Pointer, Values);

    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}
