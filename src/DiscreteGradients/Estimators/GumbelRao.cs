using DiscreteGradients.Backward;
using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// GR-MCK, the Rao-Blackwellised ST-Gumbel-Softmax, draws D ~ π forward, and backward averages the Jacobian of softmax_τ over K
/// draws of θ + G given D (eq. 19). The expectation, hence the bias, is that of <see cref="StraightThroughGumbelSoftmax"/> for
/// every K; the part of the variance that is due to G given D falls as 1/K (Propositions 2 and 3). The cost is evaluated once
/// whatever K is. K = 1 is ST-GS in law.
/// </summary>
/// <remarks>
/// The draws are constants of the backward pass, as in App. A: the Jacobian is taken at fixed noise. (The total
/// derivative through the conditional noise, which the main text also mentions, has another expectation.) Memory does
/// not grow with K; a second backward pass over the same graph uses the same draws. In float32 on the CPU the two forms
/// (<see cref="PathwiseEstimator.Form"/>) draw that noise by different means: the law is the same, the numbers are not. Source:
/// Paulus, Maddison and Krause, ICLR 2021, arXiv:2010.04838.
/// </remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new GumbelRao(samples: 100, temperature: 0.5));
/// (z * randn(5)).sum().backward();
/// </code>
/// </example>
public sealed record GumbelRao : RelaxedEstimator
{
    /// <summary>Makes the estimator of K draws at a temperature.</summary>
    /// <param name="samples">K ≥ 1.</param>
    /// <param name="temperature">τ &gt; 0.</param>
    public GumbelRao(int samples, double temperature) : base(temperature) => Samples = samples;

    /// <summary>The number K of conditional draws, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int Samples { get; init => field = Require.Samples(value); }

    /// <summary>True where the draws come in pairs from u and 1 − u. Each draw and the mean keep their law; the variance given D,
    /// as measured, is between 1/4 of that of independent draws and all of it.</summary>
    public bool Antithetic { get; init; }

    // D ~ π and K draws of θ + G given D: by the fused kernel where it serves, else by tensor operations.
    private protected override Drawn Draw(OneHotCategorical distribution, Generator? generator)
    {
        var value = distribution.Sample(generator);
        var kind = Antithetic ? NoiseKind.Antithetic : NoiseKind.Independent;
        var draws = new ConditionalDraws(Samples, Temperature, kind, Seed.Next(generator), KernelServes(distribution));
        return new(value, draws, distribution.Normalised.detach(), value);
    }
}
