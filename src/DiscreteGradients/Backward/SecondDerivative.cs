using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The identity, whose derivative is refused: it guards a first derivative that is not differentiable itself.
/// </summary>
/// <remarks>The gradient is NaN besides, should anything swallow the error.</remarks>
internal sealed class SecondDerivative : autograd.SingleTensorFunction<SecondDerivative>
{
    public const string Message = "A second derivative through a sampled value is not defined: the estimators of "
        + "DiscreteGradients give first derivatives only.";

    public override string Name => nameof(SecondDerivative);

    /// <summary>Guards <paramref name="gradient"/>, which depends on <paramref name="source"/> in a way that autograd does not
    /// know.</summary>
    public static Tensor Refuse(Tensor gradient, Tensor source) => is_grad_enabled() ? apply(gradient, source) : gradient;

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> poison = [full_like(grad_output, Scalars.NaN), full_like(grad_output, Scalars.NaN)];
        BackwardErrors.LeavePending(Message);
        return poison;
    }
}
