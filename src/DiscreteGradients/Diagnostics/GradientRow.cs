using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>A drawn gradient as the studies take it in.</summary>
internal static class GradientRow
{
    /// <summary>Flat, float64, on the CPU, constant.</summary>
    /// <exception cref="InvalidOperationException">The closure gave nothing.</exception>
    public static Tensor Of(Tensor? gradient)
    {
        if (gradient is null || gradient.IsInvalid || gradient.numel() == 0)
            throw new InvalidOperationException("the study's closure gave no gradient; expected a tensor of the same shape at each call.");
        return gradient.detach().reshape(-1).to(ScalarType.Float64).cpu();
    }
}
