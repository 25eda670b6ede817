using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>REINFORCE as modified backpropagation: the forward pass gives the loss, and the backward pass sends its gradient
/// to the loss and (f − b) times that to log p_θ(D).</summary>
internal static class ScoreTerm
{
    // A copy of the advantage, which without a baseline is the caller's cost.
    public static Tensor Apply(Tensor loss, Tensor score, Tensor advantage) => Function.Apply([loss, score],
        () => (loss.clone(), [advantage.clone()]), (gradient, kept) => [gradient.alias(), gradient * kept[0]]);
}
