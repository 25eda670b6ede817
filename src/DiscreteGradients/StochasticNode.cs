using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A drawn value and what is needed to carry a gradient to its logits. A node is one of three things: <i>attached</i>
/// (neither <see cref="Score"/> nor <see cref="Relaxation"/>: backpropagation through <see cref="Value"/> is enough),
/// <i>scored</i> (it has a <see cref="Score"/>) or <i>cut</i> (it has a <see cref="Relaxation"/>, and Value is a leaf).
/// <see cref="SurrogateLoss"/> closes the loss for all three, so a training loop does not depend on the estimator.
/// </summary>
/// <param name="Value">D, or the relaxed S for Gumbel-Softmax; [..., n], what the cost function is given.</param>
/// <param name="Form">The form that the estimator was asked for.</param>
public sealed record StochasticNode(Tensor Value, GradientForm Form)
{
    /// <summary>log p_θ(D), [...], for estimators that weigh it with the cost (REINFORCE); else null.</summary>
    public Tensor? Score { get; init; }

    /// <summary>S(θ), [..., n]: the differentiable stand-in of eq. 17–19, whose gradient replaces that of Value; else null.</summary>
    public Tensor? Relaxation { get; init; }

    /// <summary>What could not be drawn; a cost gradient there (it may be infinite) is left out.</summary>
    internal Tensor? Closed { get; init; }
}
