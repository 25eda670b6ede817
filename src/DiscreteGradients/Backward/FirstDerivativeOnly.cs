using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The identity, differentiable once: see <see cref="SecondDerivative"/>.</summary>
internal static class FirstDerivativeOnly
{
    public static Tensor Apply(Tensor tensor) => Function.Apply([tensor], () => (tensor.clone(), [tensor]),
        (gradient, kept) => [SecondDerivative.Refuse(gradient.alias(), kept[0])]);
}
