using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The log-softmax over the last axis, differentiable any number of times: by our kernels in the first derivative
/// of short float32 rows on the CPU, by libtorch elsewhere.</summary>
internal sealed class LogSoftmax : autograd.SingleTensorFunction<LogSoftmax>
{
    public override string Name => nameof(LogSoftmax);

    /// <summary>Computes the log-softmax of logits.</summary>
    /// <param name="logits">The logits θ, [..., n]; must not change until the backward pass.</param>
    public static Tensor Of(Tensor logits)
    {
        if (!CpuKernels.ServeShortRows(logits)) return logits.log_softmax(-1);
        return is_grad_enabled() && logits.requires_grad ? apply(logits) : CpuKernels.LogSoftmax(logits);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var logits = (Tensor)vars[0];
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([logits]);
        return CpuKernels.LogSoftmax(logits);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardErrors.Guard(grad_output, 1, 1, () =>
        {
            var logits = ctx.get_saved_variables()[0];
            if (!is_grad_enabled()) return [CpuKernels.LogSoftmaxBackward(logits, grad_output)];
            using var scope = NewDisposeScope();
            return [(grad_output - logits.softmax(-1) * grad_output.sum(-1, keepdim: true)).MoveToOuterDisposeScope()];
        });
}
