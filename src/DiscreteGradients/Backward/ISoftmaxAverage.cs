using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The average over K draws of softmax((θ + G)/τ), the noise G held constant, and its derivative in θ. ST, GS, ST-GS
/// and GR-MCK differ only in these draws and in the value that the cost sees.
/// </summary>
/// <remarks>The constants are handed in at each call and never stored: autograd owns what the backward pass needs. Each
/// implementation says which they are.</remarks>
internal interface ISoftmaxAverage
{
    /// <summary>Computes the mean softmax (1/K) Σ_l softmax_τ(x^l), [..., n].</summary>
    Tensor Mean(IReadOnlyList<Tensor> constants);

    /// <summary>Computes the Jacobian product (1/(Kτ)) Σ_l (diag s^l − s^l s^lᵀ) g, [..., n], with g the
    /// <paramref name="gradient"/>.</summary>
    Tensor JacobianProduct(IReadOnlyList<Tensor> constants, Tensor gradient);
}
