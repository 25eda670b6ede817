using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>Hands float32 CPU tensors to the fused kernels; everything else takes the plain tensor path.</summary>
internal static unsafe class CpuKernels
{
    public static bool Serve(Tensor logProbs) =>
        logProbs.dtype == ScalarType.Float32 && logProbs.device_type == DeviceType.CPU && logProbs.numel() <= int.MaxValue;

    /// <summary>θ + G, of the shape of <paramref name="logProbs"/>.</summary>
    public static Tensor Perturb(Tensor logProbs, ulong seed)
    {
        using var source = logProbs.contiguous();
        var target = empty_like(source);
        GumbelKernel.Perturb(Pointer(source), Pointer(target), source.numel(), seed, threads: 1);
        return target;
    }

    /// <summary>D ~ π, one-hot; zeros in rows without a category.</summary>
    public static Tensor Draw(Tensor logProbs, ulong seed)
    {
        using var source = logProbs.contiguous();
        var value = empty_like(source);
        var categories = (int)source.shape[^1];
        CategoricalKernel.Draw(Pointer(source), Pointer(value), null, (int)(source.numel() / categories), categories, seed, threads: 1);
        return value;
    }

    /// <summary>One-hot of the largest score; zeros in rows without a category.</summary>
    public static Tensor OneHot(Tensor scores)
    {
        using var source = scores.contiguous();
        var value = empty_like(source);
        var categories = (int)source.shape[^1];
        OneHotKernel.Largest(Pointer(source), Pointer(value), (int)(source.numel() / categories), categories);
        return value;
    }

    /// <summary>(1/(Kτ)) Σ_l J(s^l) g for K draws given D.</summary>
    public static Tensor JacobianProduct(Tensor logProbs, Tensor value, Tensor gradient, ConditionalDraws draws, int threads) =>
        Solve(logProbs, value, gradient, draws.Samples, draws.Temperature, draws.Seed, problem => GumbelRaoKernel.JacobianProduct(problem, draws.Kind, threads));

    /// <summary>Its expectation given D, for two categories.</summary>
    public static Tensor BinaryJacobianProduct(Tensor logProbs, Tensor value, Tensor gradient, double temperature, int threads) =>
        Solve(logProbs, value, gradient, 1, temperature, 0, problem => GumbelRaoBinary.JacobianProduct(problem, BinaryTables.For(temperature), threads));

    private static Tensor Solve(Tensor logProbs, Tensor value, Tensor gradient, int samples, double temperature, ulong seed, Action<GumbelRaoProblem> kernel)
    {
        using var source = logProbs.contiguous();
        using var drawn = value.contiguous();
        using var incoming = gradient.contiguous();
        var product = empty_like(source);
        var categories = (int)source.shape[^1];
        kernel(new GumbelRaoProblem
        {
            LogProbs = Pointer(source),
            Value = Pointer(drawn),
            Gradient = Pointer(incoming),
            Output = Pointer(product),
            Rows = (int)(source.numel() / categories),
            Categories = categories,
            Samples = samples,
            Temperature = (float)temperature,
            Seed = seed,
        });
        return product;
    }

    /// <summary>The data of a contiguous float32 tensor: native memory, which does not move.</summary>
    public static float* Pointer(Tensor tensor)
    {
        fixed (byte* pointer = tensor.bytes) return (float*)pointer;
    }
}
