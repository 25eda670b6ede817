using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// An estimator draws from a categorical distribution and says how a gradient reaches the logits. It is immutable.
/// </summary>
/// <example>
/// <code>
/// IGradientEstimator[] estimators = [new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5), new Reinforce()];
/// var logits = zeros(20, 5, requires_grad: true);
/// foreach (var estimator in estimators)                                   // one loop for all
/// {
///     var node = estimator.Sample(new OneHotCategorical(logits));
///     SurrogateLoss.Parallel((node.Value * randn(5)).sum(-1), [node]).mean().backward();
/// }
/// </code>
/// </example>
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
