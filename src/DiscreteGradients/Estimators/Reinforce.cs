using DiscreteGradients.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// REINFORCE, the score-function estimator, has the gradient (f(D) − b)(e_k − π) (eq. 15). It is unbiased and needs no derivative
/// of f. Its variance grows with the size of f − b. <see cref="SurrogateLoss"/> supplies f and the baseline b.
/// </summary>
/// <remarks>Source: Williams, Simple statistical gradient-following algorithms, Machine Learning 8, 1992.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var node = new Reinforce().Sample(new OneHotCategorical(logits));
/// var cost = node.Value.argmax(-1).to(float32);                           // [20]; no derivative is needed
/// SurrogateLoss.Parallel(cost, [node]).mean().backward();
/// </code>
/// </example>
public sealed record Reinforce : IGradientEstimator
{
    /// <summary>The form in which <see cref="SurrogateLoss"/> attaches the score term: a custom backward pass, or eq.
    /// 15.</summary>
    public GradientForm Form { get; init; } = GradientForm.Autograd;

    /// <inheritdoc/>
    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        using var scope = NewDisposeScope();
        var value = distribution.Sample(generator);
        var logProb = FirstDerivativeOnly.Apply(distribution.LogProb(value));
        return StochasticNode.Scored(value, logProb, Form).MoveToOuterDisposeScope();
    }
}
