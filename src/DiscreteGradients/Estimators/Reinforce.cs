using DiscreteGradients.Autograd;
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
        var value = distribution.Sample(generator);
        if (!RelaxedEstimator.WantsGradient(distribution)) return new(value, Form);
        using var scope = NewDisposeScope();
        var score = FirstDerivativeOnly.Apply(distribution.LogProb(value)).MoveToOuterDisposeScope();
        return new(value, Form) { Score = score };
    }
}
