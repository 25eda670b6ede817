using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>These methods add Gumbel noise to logits, freely or given the category that wins (App. A of the paper).</summary>
/// <example>
/// <code>
/// var logProbs = zeros(20, 5).log_softmax(-1);
/// var noisy = Gumbel.Perturb(logProbs);                                   // the largest is at category k with probability p_k
/// var winner = nn.functional.one_hot(noisy.argmax(-1), 5);
/// var others = Gumbel.PerturbGiven(logProbs, winner, count: 10);          // [10, 20, 5], with the same winners
/// </code>
/// </example>
public static class Gumbel
{
    /// <summary>Draws θ + G with G_j iid Gumbel(0, 1); the largest is at category k with probability p_k.</summary>
    /// <param name="logProbs">θ, [..., n], float32 or float64.</param>
    /// <param name="generator">Source of randomness; null for torch's default generator.</param>
    /// <returns>[..., n], without gradient.</returns>
    public static Tensor Perturb(Tensor logProbs, Generator? generator = null)
    {
        Require.Logits(logProbs);
        using var _ = no_grad();
        if (CpuKernels.Serve(logProbs)) return CpuKernels.Perturb(logProbs, Seed.Next(generator));
        using var scope = NewDisposeScope();
        return (logProbs - Noise.Exponential(empty_like(logProbs), generator).log_()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws θ + G given that category i of <paramref name="value"/> wins: x_i = −log E_i and
    /// x_j = −log(E_j / p_j + E_i) with E iid Exp(1). The values contain θ: it must not be added again.
    /// </summary>
    /// <param name="logProbs">log p, [..., n], normalised; float32 or float64.</param>
    /// <param name="value">D, one-hot [..., n], of any real dtype.</param>
    /// <param name="count">K ≥ 1, the number of draws.</param>
    /// <param name="generator">Source of randomness; null for torch's default generator.</param>
    /// <returns>[K, ..., n], without gradient.</returns>
    /// <exception cref="ArgumentException"><paramref name="value"/> has another shape than <paramref name="logProbs"/>, or is
    /// complex.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static Tensor PerturbGiven(Tensor logProbs, Tensor value, int count, Generator? generator = null)
    {
        Require.Logits(logProbs);
        Require.Value(value, logProbs);
        Require.Samples(count);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        value = value.to(logProbs.dtype);
        var exponentials = Noise.Exponential(
            empty([count, .. logProbs.shape], dtype: logProbs.dtype, device: logProbs.device), generator);      // [K, ..., n]
        var top = (exponentials * value).sum(-1, keepdim: true).log_();         // log E_i, [K, ..., 1]
        var rest = exponentials.log_() - logProbs;                               // log(E_j / p_j)
        // logaddexp, because E_j / p_j overflows float32 once log p_j < -88.
        return where(value > Scalars.Zero, top, logaddexp(rest, top)).neg_().MoveToOuterDisposeScope();
    }
}
