using DiscreteGradients.Backward;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Straight-through: D ~ π forward, the Jacobian of softmax_τ(θ) backward, eq. 17. No noise in the Jacobian; biased, by
/// an amount that no choice of τ removes.
/// </summary>
/// <remarks>Source: Bengio, Léonard and Courville, arXiv:1308.3432; the softmax form of the paper, section 2.</remarks>
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
