using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// A linear map from the gradient ∂f/∂D of each row to that of its logits. The pathwise estimators differ only in this map and
/// in the value that the cost sees.
/// </summary>
/// <remarks>The constants are handed in at each call and never stored: autograd owns what the backward pass needs. Each
/// implementation says which they are.</remarks>
internal interface IGradientMap
{
    /// <summary>Computes the value of the stand-in S(θ) of a surrogate loss, [..., n]; only its gradient counts.</summary>
    Tensor Relaxation(IReadOnlyList<Tensor> constants);

    /// <summary>Maps g, the <paramref name="gradient"/>, to the logits, [..., n]; each row of the result sums to 0.</summary>
    Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient);
}
