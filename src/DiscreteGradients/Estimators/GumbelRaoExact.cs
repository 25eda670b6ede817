using DiscreteGradients.Autograd;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// GR itself for two categories: the backward pass is the expectation over the noise given D, K = ∞, without any draw.
/// The mean and hence the bias are those of <see cref="StraightThroughGumbelSoftmax"/>; the variance is the least of the
/// family.
/// </summary>
/// <remarks>∂_j = (g_j − g_i)/p_i · ∫₀^∞ σ′(x) σ′(τx + d) dx with d = θ_j − θ_i and i the category drawn, to 1e-6 relatively
/// for τ from 0.01 to 10 and |d| ≤ 40; in float32 the rounding of the log-probabilities comes on top, up to 2e-6 at |d| = 40. Source: the limit of the paper's eq. 19 as K → ∞.</remarks>
public sealed record GumbelRaoExact : RelaxedEstimator
{
    /// <param name="temperature">τ &gt; 0.</param>
    public GumbelRaoExact(double temperature) : base(temperature)
    {
    }

    /// <summary>The most threads of the fused kernel; see <see cref="GumbelRao.Threads"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Threads { get; init => field = Require.Threads(value); } = Environment.ProcessorCount;

    private protected override Relaxed Draw(OneHotCategorical distribution, Generator? generator)
    {
        var categories = distribution.Normalised.shape[^1];
        if (categories != 2)
            throw new ArgumentException(Require.Invariant($"distribution has {categories} categories; expected 2. For more, GumbelRaoQuasi (gr-qmc:K) comes near the expectation."), nameof(distribution));
        var value = distribution.Sample(generator);
        return new(value, new BinaryExpectation(Temperature, KernelServes(distribution) ? Threads : null), distribution.Normalised, value);
    }
}
