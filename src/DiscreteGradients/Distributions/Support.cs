using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>The support: the categories that can be drawn in each row of logits.</summary>
/// <param name="Masked">The categories of probability 0, [..., n], bool.</param>
/// <param name="NoOutcome">The rows in which a mask leaves nothing, [..., 1], bool.</param>
/// <param name="Poison">0, or NaN in the other rows that have no distribution, [..., 1].</param>
internal sealed record Support(Tensor Masked, Tensor NoOutcome, Tensor Poison)
{
    /// <summary>Finds the support.</summary>
    /// <param name="logits">θ, [..., n].</param>
    /// <param name="mask">bool, broadcasts to the logits; null for all.</param>
    /// <param name="least">The number of categories that a row must have.</param>
    public static Support Of(Tensor logits, Tensor? mask, int least = 1)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var byMask = mask?.logical_not();
        var open = byMask is null ? logits : logits.masked_fill(byMask, Scalars.MinusInfinity);
        var noOutcome = byMask is null ? zeros(1, dtype: ScalarType.Bool, device: logits.device) : byMask.all(-1, keepdim: true);
        // The largest open logit is NaN or infinite just where an open row cannot be normalised: such a row becomes NaN.
        var invalid = open.amax([-1], keepdim: true).isfinite().logical_not_();
        if (least > 1)
        {
            using Scalar count = least;
            invalid = invalid.logical_or_((open > Scalars.MinusInfinity).sum(-1, keepdim: true) < count);
        }
        invalid = invalid.logical_and_(noOutcome.logical_not());
        var masked = (open == Scalars.MinusInfinity).logical_and_(invalid.logical_not());
        var poison = zeros_like(invalid, dtype: logits.dtype).masked_fill_(invalid, Scalars.NaN);
        return new(masked.MoveToOuterDisposeScope(), noOutcome.MoveToOuterDisposeScope(), poison.MoveToOuterDisposeScope());
    }

    /// <summary>Puts −∞ at masked categories and NaN into rows without a distribution; differentiable.</summary>
    /// <remarks>A row without an outcome would be NaN on the way: it passes as uniform, for the caller to fill again.</remarks>
    public Tensor Restrict(Tensor logits) =>
        logits.masked_fill(Masked, Scalars.MinusInfinity).masked_fill(NoOutcome, Scalars.Zero).Plus(Poison);
}
