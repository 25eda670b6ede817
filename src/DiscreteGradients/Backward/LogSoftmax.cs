using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The log-softmax over the last axis, differentiable any number of times: by our kernels in the first derivative
/// of short float32 rows on the CPU, by libtorch elsewhere.</summary>
internal static class LogSoftmax
{
    /// <summary>Computes the log-softmax of logits.</summary>
    /// <param name="logits">The logits θ, [..., n]; must not change until the backward pass.</param>
    public static Tensor Of(Tensor logits) => CpuKernels.ServeShortRows(logits)
        ? Function.Apply([logits], () => (CpuKernels.LogSoftmax(logits), [logits]), (g, kept) => [Backward(kept[0], g)])
        : logits.log_softmax(-1);

    private static Tensor Backward(Tensor logits, Tensor gradient)
    {
        if (!is_grad_enabled()) return CpuKernels.LogSoftmaxBackward(logits, gradient);
        using var scope = NewDisposeScope();
        return (gradient - logits.softmax(-1) * gradient.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    }
}
