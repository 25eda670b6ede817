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

    /// <summary>Not to be disposed: it may be the caller's.</summary>
    public Tensor Tensor { get; }

    /// <summary>Native memory, which does not move.</summary>
    public float* Pointer => CpuKernels.Pointer(Tensor);

    /// <summary>n.</summary>
    public int Categories => (int)Tensor.size(-1);

    /// <summary>How many rows of n.</summary>
    public int Rows => (int)(Tensor.numel() / Categories);

    public void Dispose() => copy?.Dispose();
}
