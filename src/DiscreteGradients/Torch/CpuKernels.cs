using DiscreteGradients.Backward;
using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Torch;

/// <summary>Hands float32 CPU tensors to the fused kernels; everything else takes the plain tensor path.</summary>
internal static unsafe class CpuKernels
{
    // TorchSharp gives the bytes of a tensor as one span, which an int counts.
    private const long MostElements = int.MaxValue / sizeof(float);

    // Scores, of at most 1e9, have equal weights when divided by it, to the last bit. −∞ stays −∞, which it would not, divided by
    // what is infinite in float32.
    private const double MostTemperature = 1e30;

    /// <summary>Tells whether the kernels serve a tensor: float32, on the CPU, below 2 GiB.</summary>
    public static bool Serve(Tensor logProbs) =>
        logProbs.dtype == ScalarType.Float32 && logProbs.device_type == DeviceType.CPU && logProbs.numel() <= MostElements;

    /// <summary>Tells whether the softmax kernels serve a tensor; they are for short rows.</summary>
    public static bool ServeShortRows(Tensor logits) => Serve(logits) && logits.size(-1) <= SoftmaxKernel.MostCategories;

    /// <summary>Tells whether every number is in [−bound, bound]. On another device, which would have to be waited for, the
    /// answer is false.</summary>
    public static bool Bounded(Tensor numbers, double bound)
    {
        if (numbers.device_type != DeviceType.CPU) return false;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (!Serve(numbers)) return BoundedByTensors(numbers, bound);
        using var source = numbers.contiguous();
        return BoundedKernel.Holds(Pointer(source), source.numel(), (float)bound);
    }

    /// <summary>Tells by tensor operations whether every number is in [−bound, bound], for any floating dtype and size.</summary>
    internal static bool BoundedByTensors(Tensor numbers, double bound)
    {
        using var scope = NewDisposeScope();
        return numbers.numel() == 0 || numbers.abs().max().to(ScalarType.Float64).item<double>() <= bound;
    }

    /// <summary>Adds Gumbel noise, θ + G, of the shape of <paramref name="logProbs"/>.</summary>
    public static Tensor Perturb(Tensor logProbs, ulong seed) => Rows(logProbs, (source, target, rows, categories) =>
        GumbelKernel.Perturb(source, target, (long)rows * categories, seed, threads: 1));

    /// <summary>Draws D ~ π, one-hot; zeros in rows without a category, NaN in rows of NaN.</summary>
    public static Tensor Draw(Tensor logProbs, ulong seed) => Rows(logProbs, (source, target, rows, categories) =>
        CategoricalKernel.Draw(source, target, rows, categories, seed, threads: 1));

    /// <summary>Makes the one-hot vector of the largest score; zeros in rows without a category, NaN in rows of NaN.</summary>
    public static Tensor OneHot(Tensor scores) => Rows(scores, OneHotKernel.Largest);

    /// <summary>Computes log softmax θ.</summary>
    public static Tensor LogSoftmax(Tensor logits) => Rows(logits, SoftmaxKernel.LogSoftmax);

    /// <summary>Computes the backward pass of log softmax θ.</summary>
    public static Tensor LogSoftmaxBackward(Tensor logits, Tensor gradient) =>
        Rows(logits, gradient, SoftmaxKernel.LogSoftmaxBackward);

    /// <summary>Computes softmax(x/τ), by libtorch where rows are long or no kernel serves.</summary>
    public static Tensor Softmax(Tensor scores, double temperature)
    {
        temperature = Math.Min(temperature, MostTemperature);
        if (ServeShortRows(scores))
        {
            return Rows(scores, (source, target, rows, categories) =>
                SoftmaxKernel.Softmax(source, target, rows, categories, (float)(1 / temperature)));
        }
        using Scalar divisor = temperature;
        using var tempered = scores.div(divisor);
        return tempered.softmax(-1);
    }

    /// <summary>Computes the backward pass of softmax(x/τ).</summary>
    public static Tensor SoftmaxBackward(Tensor soft, Tensor gradient, double temperature) =>
        Rows(soft, gradient, (source, incoming, target, rows, categories) =>
            SoftmaxKernel.SoftmaxBackward(source, incoming, target, rows, categories, (float)(1 / temperature)));

    /// <summary>Computes a·J(s)g + b⟨g, d⟩d with d = D − s, by the kernel for short rows.</summary>
    public static Tensor SecondOrderBackward(Tensor soft, Tensor value, Tensor gradient, double jacobian, double outer)
    {
        using var drawn = value.contiguous();
        return Rows(soft, gradient, (source, incoming, target, rows, categories) => SoftmaxKernel.SecondOrderBackward(
            source, Pointer(drawn), incoming, target, rows, categories, (float)jacobian, (float)outer));
    }

    /// <summary>Computes the Jacobian product of GR-MCK, (1/(Kτ)) Σ_l J(s^l) g for K draws given D.</summary>
    public static Tensor JacobianProduct(Tensor logProbs, Tensor value, Tensor gradient, ConditionalDraws draws) =>
        Solve(logProbs, value, gradient, draws.Samples, draws.Temperature, draws.Seed,
            problem => GumbelRaoKernel.JacobianProduct(problem, draws.Kind, FusedKernels.Threads));

    /// <summary>Computes the expectation of the Jacobian product of GR-MCK given D.</summary>
    public static Tensor ExpectedJacobianProduct(
        Tensor logProbs, Tensor value, Tensor gradient, double temperature) =>
        // Nothing is drawn: K and the seed do not matter.
        Solve(logProbs, value, gradient, 1, temperature, 0, problem => ExpectationKernel.JacobianProduct(
            problem, ExpectationTable.For(temperature, problem.Categories), FusedKernels.Threads));

    private delegate void Kernel(float* source, float* target, int rows, int categories);

    private delegate void BackwardKernel(float* source, float* gradient, float* target, int rows, int categories);

    private static Tensor Rows(Tensor tensor, Kernel kernel)
    {
        using var source = tensor.contiguous();
        var target = empty_like(source);
        kernel(Pointer(source), Pointer(target), RowCount(source), (int)source.size(-1));
        return target;
    }

    private static Tensor Rows(Tensor tensor, Tensor gradient, BackwardKernel kernel)
    {
        using var incoming = gradient.contiguous();
        return Rows(tensor, (source, target, rows, categories) => kernel(source, Pointer(incoming), target, rows, categories));
    }

    private static Tensor Solve(Tensor logProbs, Tensor value, Tensor gradient, int samples, double temperature, ulong seed,
        Action<GumbelRaoProblem> kernel)
    {
        using Tensor source = logProbs.contiguous(), drawn = value.contiguous(), incoming = gradient.contiguous();
        var product = empty_like(source);
        kernel(new GumbelRaoProblem
        {
            LogProbs = Pointer(source),
            Value = Pointer(drawn),
            Gradient = Pointer(incoming),
            Output = Pointer(product),
            Rows = RowCount(source),
            Categories = (int)source.size(-1),
            Samples = samples,
            Temperature = (float)temperature,
            Seed = seed,
        });
        return product;
    }

    /// <summary>Counts the rows of a tensor [..., n].</summary>
    public static int RowCount(Tensor tensor) => (int)(tensor.numel() / tensor.size(-1));

    /// <summary>Gives the data of a contiguous float32 tensor, in native memory, which does not move.</summary>
    public static float* Pointer(Tensor tensor)
    {
        fixed (byte* pointer = tensor.bytes) return (float*)pointer;
    }
}
