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
    /// <summary>Whether <see cref="SurrogateLoss"/> attaches the score term by a custom backward pass or by eq. 15.</summary>
    public GradientForm Form { get; init; } = GradientForm.Autograd;

    /// <inheritdoc/>
    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        using var scope = NewDisposeScope();
        var value = distribution.Sample(generator);
        return StochasticNode.Scored(value, FirstDerivativeOnly.Apply(distribution.LogProb(value)), Form).MoveToOuterDisposeScope();
    }
}
