using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// ReinMax draws D ~ π forward, and backward takes J(π_τ)g − ½J(π)g + ½⟨g, d⟩d with d = D − π_τ and π_τ = softmax(θ/τ). At τ = 1
/// it is <see cref="SecondOrderStraightThrough"/> with weight 1, exact for quadratic costs; a larger τ means more bias and less
/// variance.
/// </summary>
/// <remarks>As in the source, the Jacobian of softmax(θ/τ) is taken without its factor 1/τ: the length of the gradient
/// depends on τ, which a learning rate has to follow. Source: Liu, Dong, Liu, Yu and Gao, Bridging discrete and
/// backpropagation: straight-through and beyond, NeurIPS 2023, arXiv:2304.08612.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new ReinMax(1.0));
/// (z * randn(5)).sum().backward();
/// </code>
/// </example>
public sealed record ReinMax : RelaxedEstimator
{
    /// <summary>Makes the estimator at a temperature.</summary>
    /// <param name="temperature">τ &gt; 0; 1, the second-order one, by default. The source takes at least 1.</param>
    public ReinMax(double temperature = 1.0) : base(temperature)
    {
    }

    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator)
    {
        var value = distribution.Sample(generator);
        var soft = Soften(distribution.Normalised, distribution.Masked);
        var probs = Soften(distribution.Normalised, distribution.Masked, temperature: 1);
        return new(value, new SecondOrder(1, 0.5), soft, value, probs);
    }
}
