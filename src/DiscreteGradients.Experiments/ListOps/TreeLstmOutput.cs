using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>What a forward pass gives, in the dispose scope of the caller.</summary>
/// <param name="Logits">[B, 10].</param>
/// <param name="Choices">The nodes drawn, in order: N − 2 of them, [B, n] with n falling from N − 1 to 2.</param>
internal sealed record TreeLstmOutput(Tensor Logits, IReadOnlyList<StochasticNode> Choices)
{
    /// <summary>f, [B]: the cross-entropy of each expression's label, nats.</summary>
    public Tensor Cost(Tensor labels) => nn.functional.cross_entropy(Logits, labels, reduction: nn.Reduction.None);
}
