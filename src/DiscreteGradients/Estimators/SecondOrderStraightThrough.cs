using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Second-order straight-through with weight λ draws D ~ π forward, and backward takes (1 − λ/2)J(π)g + (λ/2)⟨g, d⟩d with d =
/// D − π. It has no temperature. λ = 1 is ZGR, exact for quadratic costs, equal to <see cref="ReinMax"/> at τ = 1 and to the
/// limit of <see cref="GumbelRaoExact"/> as τ → 0; λ = 0 is <see cref="StraightThrough"/>, λ = 2 DARN. On quadratic costs the
/// bias is 1 − λ times that of straight-through; the variance grows with λ.
/// </summary>
/// <remarks>Source: Shekhovtsov, Cold analysis of Rao-Blackwellized straight-through Gumbel-Softmax gradient estimator, ICML
/// 2023; Liu et al., Bridging discrete and backpropagation, NeurIPS 2023; Gregor et al., Deep autoregressive networks, ICML
/// 2014.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new SecondOrderStraightThrough());          // λ = 1
/// (z * randn(5)).sum().backward();
/// </code>
/// </example>
public sealed record SecondOrderStraightThrough : PathwiseEstimator
{
    /// <summary>Makes the estimator of a weight.</summary>
    /// <param name="weight">λ, in [0, 2]; 1, ZGR, by default.</param>
    public SecondOrderStraightThrough(double weight = 1) => Weight = weight;

    /// <summary>The weight λ of the second-order term, in [0, 2]. A smaller one means more bias and less variance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is outside [0, 2].</exception>
    public double Weight { get; init => field = Require.Weight(value); }

    /// <summary>Draws a subset whose gradient can be carried to its logits: (1 − λ/2) Cov(z) g + (λ/2)⟨g, d⟩d with d = z − μ
    /// backward. λ = 0 is SIMPLE; λ = 1 is exact for quadratic costs.</summary>
    /// <param name="subset">q_θ, logits [..., n].</param>
    /// <param name="generator">Source of all randomness; null for torch's default generator.</param>
    /// <returns>A node of the value z, 0 or 1, [..., n].</returns>
    public StochasticNode Sample(Subset subset, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(subset);
        using var scope = NewDisposeScope();
        Drawn drawn;
        using (no_grad())
        {
            var value = subset.Sample(generator);
            drawn = new(value, new SubsetSecondOrder(subset.Size, Weight), subset.Restricted, value, subset.Marginals);
        }
        return Node(drawn, subset.Source, subset.Masked).MoveToOuterDisposeScope();
    }

    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator)
    {
        var value = distribution.Sample(generator);
        var probs = Soften(distribution.Normalised, distribution.Masked, temperature: 1);
        return new(value, SecondOrder.Of(Weight), probs, value);
    }
}
