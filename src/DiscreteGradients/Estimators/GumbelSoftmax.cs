using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Gumbel-Softmax (the Concrete distribution) gives the cost S = softmax_τ(θ + G), not a category (eq. 16). It is unbiased
/// for that relaxed problem. For the discrete one it is biased, the less the smaller τ.
/// </summary>
/// <remarks>Source: Jang, Gu and Poole, arXiv:1611.01144; Maddison, Mnih and Teh, arXiv:1611.00712.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var soft = logits.SampleOneHot(new GumbelSoftmax(0.5));                 // between categories; rows sum to 1
/// (soft * randn(5)).sum().backward();
/// </code>
/// </example>
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
