using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>These methods compute the expected cost of a small problem and its exact gradient, by enumerating every joint
/// outcome.</summary>
/// <example>
/// <code>
/// var logits = randn(2, 4);                                                // two variables of four categories
/// var weights = randn(2, 4);
/// var gradient = ExactGradient.Of(logits, values =&gt; (values * weights).sum([-2, -1]));    // of 16 outcomes; [2, 4]
/// </code>
/// </example>
public static class ExactGradient
{
    /// <summary>The largest number of joint outcomes that is enumerated: 2²⁰.</summary>
    public const long MaxOutcomes = 1 << 20;

    // All their values together; 2 GiB as integers.
    private const double MostNumbers = 1 << 28;

    /// <summary>Computes E[f(D)] = Σ_D p(D) f(D), differentiable in the logits and in whatever else the cost depends
    /// on.</summary>
    /// <param name="distribution">V independent variables of arity n: logits [..., n], of which every leading axis counts
    /// variables.</param>
    /// <param name="cost">f: one-hot values [outcomes, ..., n] to costs [outcomes].</param>
    /// <returns>A scalar in the dtype of the logits.</returns>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxOutcomes"/> outcomes, their values hold more than
    /// 2²⁸ numbers, or the costs have another shape.</exception>
    public static Tensor Expectation(OneHotCategorical distribution, Func<Tensor, Tensor> cost)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        ArgumentNullException.ThrowIfNull(cost);
        using var scope = NewDisposeScope();
        var values = Outcomes(distribution);
        var costs = cost(values);
        if (costs.dim() != 1 || costs.shape[0] != values.shape[0])
        {
            throw new ArgumentException($"the cost has shape {Require.Shape(costs)}; expected "
                + Require.Invariant($"[{values.shape[0]}], one number an outcome."), nameof(cost));
        }
        var probs = (distribution.Normalised * values).flatten(1).sum(1).exp();
        return (probs * costs).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Computes ∇_θ E[f(D)], the reference for every estimator.</summary>
    /// <param name="logits">θ, [..., n].</param>
    /// <param name="cost">f: one-hot values [outcomes, ..., n] to costs [outcomes].</param>
    /// <param name="mask">As for <see cref="OneHotCategorical"/>.</param>
    /// <returns>[..., n], constant.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Expectation"/>; or the logits or the mask are not as for
    /// <see cref="OneHotCategorical"/>.</exception>
    public static Tensor Of(Tensor logits, Func<Tensor, Tensor> cost, Tensor? mask = null)
    {
        Require.Logits(logits);
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var leaf = logits.detach().clone().requires_grad_();
        // Of the logits alone: what else the cost depends on keeps its gradient and its graph.
        autograd.backward([Expectation(new OneHotCategorical(leaf, mask), cost)], inputs: [leaf]);
        return leaf.grad!.MoveToOuterDisposeScope();
    }

    /// <summary>Makes every joint outcome of V variables of arity n, one-hot, int64, [n^V, V, n]: the digits of
    /// 0 … n^V − 1.</summary>
    internal static Tensor Joint(long variables, long arity)
    {
        using var scope = NewDisposeScope();
        using Scalar radix = arity;
        var place = pow(tensor(arity, dtype: ScalarType.Int64), Scalars.Range(0, variables));
        var numbers = Scalars.Range(0, (long)Math.Round(Math.Pow(arity, variables))).unsqueeze(1);
        var digits = numbers.floor_divide(place).remainder(radix);
        return nn.functional.one_hot(digits, arity).MoveToOuterDisposeScope();
    }

    /// <summary>Makes all values that can be drawn, [outcomes, ..., n].</summary>
    private static Tensor Outcomes(OneHotCategorical distribution)
    {
        var like = distribution.Normalised;
        var arity = like.shape[^1];
        var variables = like.numel() / arity;
        if (variables * Math.Log(arity) > Math.Log(MaxOutcomes) + 1e-9)
        {
            throw new ArgumentException(Require.Invariant($"{variables} variables of arity {arity} have more than {MaxOutcomes} ")
                + "joint outcomes; expected a smaller problem.", nameof(distribution));
        }
        var numbers = Math.Pow(arity, variables) * variables * arity;
        if (numbers > MostNumbers)
        {
            throw new ArgumentException(Require.Invariant($"all values of {variables} variables of arity {arity} hold ")
                + Require.Invariant($"{numbers:G3} numbers; expected at most {MostNumbers}."), nameof(distribution));
        }
        var values = Joint(variables, arity).to(like.device);                          // [outcomes, V, n]
        if (distribution.Masked is { } masked)
        {
            // A row without categories has one outcome, all zeros; category 0 stands for it in the count.
            var rows = masked.logical_not().reshape(variables, arity);
            var first =
                nn.functional.one_hot(zeros(variables, dtype: ScalarType.Int64, device: like.device), arity).to(ScalarType.Bool);
            var open = rows.logical_or(rows.any(-1, keepdim: true).logical_not().logical_and(first));
            var possible = ((values * open).sum(-1) > Scalars.Zero).all(-1);            // every variable's category is open
            values = values[possible] * rows;
        }
        return values.to(like.dtype).reshape([values.shape[0], .. like.shape]);
    }
}
