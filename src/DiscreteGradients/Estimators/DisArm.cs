using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// DisARM draws two samples from antithetic noise, and its gradient is ½(f(D) − f(D̃))·w. It is unbiased, takes two
/// evaluations of the cost and needs no derivative.
/// </summary>
/// <remarks>A category is the first success in a sequence of n − 1 binary choices with log-odds φ_i = θ_i − log Σ_{j&gt;i} exp
/// θ_j; each choice has the estimator of binary DisARM, or its conditional mean where one of the two samples does not depend
/// on it. The variance depends on the order of the categories. Source: Dong, Mnih and Tucker, DisARM, NeurIPS 2020,
/// arXiv:2006.10680; the same, Coupled gradient estimators for discrete latent variables, NeurIPS 2021,
/// arXiv:2106.08056.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var pair = DisArm.Sample(new OneHotCategorical(logits));                // the value is [2, 20, 5]
/// var cost = pair.Value.argmax(-1).to(float32);                           // [2, 20]
/// SurrogateLoss.Parallel(cost, [pair]).mean().backward();
/// </code>
/// </example>
public static class DisArm
{
    /// <summary>Draws two values, and a score for <see cref="SurrogateLoss"/>, whose loss is to be averaged over the
    /// two.</summary>
    /// <param name="distribution">q_θ, logits [*batch, ..., n].</param>
    /// <param name="generator">The source of randomness; null for torch's default generator.</param>
    /// <returns>A scored node of the value [2, *batch, ..., n]. A baseline that is the same for both samples changes nothing;
    /// <see cref="LeaveOneOut"/> must not be added.</returns>
    public static StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        using var scope = NewDisposeScope();
        var odds = Odds(distribution.Normalised);
        Tensor value, weight;
        using (no_grad()) (value, weight) = Draw(distribution, odds, generator);
        var score = FirstDerivativeOnly.Apply((odds * weight).sum(-1));
        return StochasticNode.Scored(value, stack([score, -score])).MoveToOuterDisposeScope();
    }

    // φ, [..., n − 1].
    private static Tensor Odds(Tensor logProbs)
    {
        var choices = logProbs.shape[^1] - 1;
        var rest = logProbs.flip(-1).logcumsumexp(-1).flip(-1);
        return logProbs.narrow(-1, 0, choices) - rest.narrow(-1, 1, choices);
    }

    /// <summary>Draws D and D̃, [2, ..., n], and w, [..., n − 1].</summary>
    private static (Tensor Value, Tensor Weight) Draw(OneHotCategorical distribution, Tensor odds, Generator? generator)
    {
        // Logistic noise; in float64 for its tails, and bounded, so that no masked category is drawn.
        using Scalar most = 1e3, least = -1e3;
        var uniform = Noise.Uniform(empty(odds.shape, dtype: ScalarType.Float64, device: odds.device), generator);
        var noise = uniform.logit().clamp_(least, most);
        var (first, firstUsed) = Choices(odds.Plus(noise));
        var (second, secondUsed) = Choices(odds - noise);
        var value = stack([Value(first, firstUsed), Value(second, secondUsed)]);
        if (distribution.Masked is not null) value = value.masked_fill(distribution.Masked, Scalars.Zero);
        var (p, both) = (odds.sigmoid(), odds.abs().sigmoid());
        (firstUsed, secondUsed) = (firstUsed.narrow(-1, 0, p.shape[^1]), secondUsed.narrow(-1, 0, p.shape[^1]));
        var weight = where((firstUsed * secondUsed).to(ScalarType.Bool), (first - second) * both,
            firstUsed * (first - p) - secondUsed * (second - p));
        return (value.masked_fill(distribution.Normalised.isnan(), Scalars.NaN), weight);

        // The choices, [..., n − 1], and whether the category depends on each and on the rest, [..., n]; 0 or 1.
        (Tensor Taken, Tensor Used) Choices(Tensor scores)
        {
            var taken = (scores > Scalars.Zero).to(odds.dtype);
            var passed = taken.neg().Plus(Scalars.One).cumprod(-1);
            var always = ones([.. odds.shape[..^1], 1], dtype: odds.dtype, device: odds.device);
            return (taken, cat([always, passed], -1));
        }

        // The first choice that is taken, or the last category.
        Tensor Value(Tensor taken, Tensor used) =>
            cat([taken * used.narrow(-1, 0, taken.shape[^1]), used.narrow(-1, taken.shape[^1], 1)], -1);
    }
}
