using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

/// <summary>A float32 CPU tensor [..., n] as the kernels read it: itself where it is contiguous, else a copy.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ContiguousRows : IDisposable
{
    private readonly Tensor? copy;

    public ContiguousRows(Tensor tensor)
    {
        copy = tensor.is_contiguous() ? null : tensor.contiguous();
        Tensor = copy ?? tensor;
    }

    /// <summary>The tensor itself, or the copy. It may be the caller's: do not dispose of it.</summary>
    public Tensor Tensor { get; }

    /// <summary>The data, in native memory, which does not move.</summary>
    public float* Pointer => CpuKernels.Pointer(Tensor);

    /// <summary>The number n of categories.</summary>
    public int Categories => (int)Tensor.size(-1);

    /// <summary>The number of rows of n elements.</summary>
    public int Rows => (int)(Tensor.numel() / Categories);

    public void Dispose()
    {
        copy?.Dispose();
        // A tensor that nobody refers to any more could be finalised while a kernel reads it.
        GC.KeepAlive(Tensor);
    }
}
