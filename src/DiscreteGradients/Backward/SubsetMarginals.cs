using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The marginals μ of subsets of k elements as a function of the logits: the backward pass is Cov(z) g.</summary>
internal static class SubsetMarginals
{
    /// <summary>Computes μ, [..., n].</summary>
    /// <param name="logits">θ, [..., n], float64; −∞ leaves an element out.</param>
    /// <param name="size">k.</param>
    public static Tensor Of(Tensor logits, int size) => Function.Apply([logits],
        () => (Rows(logits, size, sums => sums.Marginals()), [logits]),
        (gradient, kept) => [SecondDerivative.Refuse(CovarianceProduct(kept[0], size, gradient), kept[0])]);

    /// <summary>Computes something [B, n] of the sums of rows, in the shape of the logits.</summary>
    public static Tensor Rows(Tensor logits, int size, Func<SubsetSums, Tensor> function)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return function(new(logits.reshape(-1, logits.shape[^1]), size)).reshape(logits.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Computes Cov(z) g, of the shape of the logits.</summary>
    public static Tensor CovarianceProduct(Tensor logits, int size, Tensor gradient) =>
        Rows(logits, size, sums => sums.CovarianceProduct(gradient.reshape(-1, logits.shape[^1])));
}
