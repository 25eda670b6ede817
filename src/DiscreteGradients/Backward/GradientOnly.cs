using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The zeros that carry the gradient of a term t, as t − sg(t) does, which would be NaN where t is infinite. The
/// backward pass is the identity, differentiable any number of times.</summary>
internal sealed class GradientOnly : autograd.SingleTensorFunction<GradientOnly>
{
    public override string Name => nameof(GradientOnly);

    public static Tensor Of(Tensor term) => is_grad_enabled() && term.requires_grad ? apply(term) : zeros_like(term);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        return zeros_like((Tensor)vars[0]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardErrors.Guard(grad_output, 1, 1, () => [grad_output.alias()]);
}
