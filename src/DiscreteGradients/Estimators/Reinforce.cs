using DiscreteGradients.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// REINFORCE, the score-function estimator: (f(D) − b)(e_k − π), eq. 15. Unbiased; needs no derivative of f and has the
/// largest variance of the family. <see cref="SurrogateLoss"/> supplies f and the baseline b.
/// </summary>
/// <remarks>Source: Williams, Simple statistical gradient-following algorithms, Machine Learning 8, 1992.</remarks>
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
