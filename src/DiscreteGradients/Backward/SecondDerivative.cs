using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The identity, whose derivative is refused: it guards a first derivative that is not differentiable itself.
/// </summary>
/// <remarks>The gradient is NaN besides, should anything swallow the error.</remarks>
internal static class SecondDerivative
{
    public const string Message = "A second derivative through a sampled value is not defined: the estimators of "
        + "DiscreteGradients give first derivatives only.";

    /// <summary>Guards <paramref name="gradient"/>, which depends on <paramref name="source"/> in a way that autograd does not
    /// know.</summary>
    public static Tensor Refuse(Tensor gradient, Tensor source) => is_grad_enabled()
        ? Function.Apply([gradient, source], () => (gradient.clone(), []), (_, _) => throw new NotSupportedException(Message))
        : gradient;
}
