using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The identity, differentiable once: see <see cref="SecondDerivative"/>.</summary>
internal sealed class FirstDerivativeOnly : autograd.SingleTensorFunction<FirstDerivativeOnly>
{
    public override string Name => nameof(FirstDerivativeOnly);

    public static Tensor Apply(Tensor tensor) => apply(tensor);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([(Tensor)vars[0]]);
        return ((Tensor)vars[0]).clone();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardErrors.Guard(
        grad_output, 1, 1, () => [SecondDerivative.Refuse(grad_output.alias(), ctx.get_saved_variables()[0])]);
}
