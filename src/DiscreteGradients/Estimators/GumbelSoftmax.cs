using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Gumbel-Softmax (the Concrete distribution): the cost sees S = softmax_τ(θ + G), not a category, eq. 16. Unbiased for
/// that relaxed problem; for the discrete one biased, the less the smaller τ.
/// </summary>
/// <remarks>Source: Jang, Gu and Poole, arXiv:1611.01144; Maddison, Mnih and Teh, arXiv:1611.00712.</remarks>
public sealed record GumbelSoftmax : RelaxedEstimator
{
    /// <summary>Makes the estimator at a temperature.</summary>
    /// <param name="temperature">τ &gt; 0.</param>
    public GumbelSoftmax(double temperature) : base(temperature)
    {
    }

    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator)
    {
        var soft = Soften(Gumbel.Perturb(distribution.Normalised, generator), distribution.Masked);
        return new(soft, new SingleDraw(Temperature), soft);
    }
}
