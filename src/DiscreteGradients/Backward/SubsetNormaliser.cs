using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The logarithm of Σ exp⟨θ, z⟩ over the subsets z of k elements, whose derivative are the marginals.</summary>
internal static class SubsetNormaliser
{
    /// <summary>Computes the logarithm, [...].</summary>
    /// <param name="logits">θ, [..., n], float64; −∞ leaves an element out.</param>
    /// <param name="size">k.</param>
    public static Tensor Of(Tensor logits, int size) =>
        Function.Apply([logits], () => (LogTotal(logits, size), [logits]), (gradient, kept) =>
        {
            using var scope = NewDisposeScope();
            return [(SubsetMarginals.Of(kept[0], size) * gradient.unsqueeze(-1)).MoveToOuterDisposeScope()];
        });

    private static Tensor LogTotal(Tensor logits, int size)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var sums = new SubsetSums(logits.reshape(-1, logits.shape[^1]), size);
        return sums.LogTotal.reshape(logits.shape[..^1]).clone().MoveToOuterDisposeScope();
    }
}
