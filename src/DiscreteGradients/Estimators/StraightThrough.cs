using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Straight-through draws D ~ π forward, and backward takes the Jacobian of softmax_τ(θ) (eq. 17). There is no noise in the
/// Jacobian. It is biased, by an amount that no choice of τ removes.
/// </summary>
/// <remarks>Source: Bengio, Léonard and Courville, arXiv:1308.3432; the softmax form of the paper, section 2.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new StraightThrough());
/// (z * randn(5)).sum().backward();
/// </code>
/// </example>
public sealed record StraightThrough : RelaxedEstimator
{
    /// <summary>Makes the estimator at a temperature.</summary>
    /// <param name="temperature">τ &gt; 0; 1, the plain softmax, by default.</param>
    public StraightThrough(double temperature = 1.0) : base(temperature)
    {
    }

    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator) => new(
        distribution.Sample(generator),
        new SingleDraw(Temperature),
        Soften(distribution.Normalised, distribution.Masked));
}
