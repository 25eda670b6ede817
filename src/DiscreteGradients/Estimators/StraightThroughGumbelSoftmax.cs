using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Straight-Through Gumbel-Softmax takes D = one-hot argmax(θ + G) forward, and backward the Jacobian of softmax_τ(θ + G)
/// with the same G (eq. 18). It is biased, and the variance grows as τ falls. It is what
/// torch.nn.functional.gumbel_softmax(hard=True) computes.
/// </summary>
/// <remarks>Source: Jang, Gu and Poole, arXiv:1611.01144.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new StraightThroughGumbelSoftmax(0.5));
/// (z * randn(5)).sum().backward();
/// </code>
/// </example>
public sealed record StraightThroughGumbelSoftmax : RelaxedEstimator
{
    /// <summary>Makes the estimator at a temperature.</summary>
    /// <param name="temperature">τ &gt; 0.</param>
    public StraightThroughGumbelSoftmax(double temperature) : base(temperature)
    {
    }

    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator)
    {
        var perturbed = Gumbel.Perturb(distribution.Normalised, generator);
        return new(distribution.OneHot(perturbed), new SingleDraw(Temperature), Soften(perturbed, distribution.Masked));
    }
}
