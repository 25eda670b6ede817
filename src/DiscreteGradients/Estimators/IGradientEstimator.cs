using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A gradient estimator: it draws from a categorical distribution and says how a gradient reaches the logits. Immutable.
/// </summary>
public interface IGradientEstimator
{
    /// <summary>Draws a value whose gradient can be carried to the logits of <paramref name="distribution"/>.</summary>
    /// <param name="distribution">q_θ, logits [..., n].</param>
    /// <param name="generator">Source of all randomness, that of a later backward pass included; null for torch's
    /// default generator. The same state gives the same bits.</param>
    /// <remarks>Where gradients are switched off, or the logits need none, the value is a bare one; a score stays, without a
    /// gradient.</remarks>
    StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null);
}
