using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// This is the distribution of subsets of exactly k of n elements: z ∈ {0, 1}ⁿ with Σ z_i = k and p(z) ∝ exp⟨θ, z⟩, the law of n
/// independent Bernoulli variables given their sum. The last axis of the logits holds the elements, every other axis counts
/// variables or examples.
/// </summary>
/// <remarks>
/// <para>Everything is computed in float64 and in log space by dynamic programming, in O(nk).</para>
/// <para>An element that is masked (the mask is false there, or the logit is −∞) is never drawn and receives no gradient. A row
/// in which the mask is false everywhere has no outcome: its samples and marginals are zeros and it contributes 0 to scores
/// and gradients. Another row without a distribution (a NaN, +∞, or fewer than k elements that are not masked) is NaN
/// throughout.</para>
/// <para>The distribution keeps copies: logits and masks may be changed in place, or disposed, once it is made.</para>
/// <para>Source: Ahmed, Zeng, Niepert and Van den Broeck, SIMPLE: a gradient estimator for k-subset sampling, ICLR 2023,
/// arXiv:2210.01941.</para>
/// </remarks>
/// <example>
/// <code>
/// var scores = zeros(20, 30, requires_grad: true);
/// var chosen = new SecondOrderStraightThrough().Sample(new Subset(scores, 5));    // 5 of 30 elements, [20, 30]
/// SurrogateLoss.Parallel((chosen.Value * randn(30)).sum(-1), [chosen]).mean().backward();
/// </code>
/// </example>
public sealed class Subset
{
    private readonly Tensor source;     // the logits as given
    private readonly Tensor logits;     // float64, their largest 0, −∞ where masked
    private readonly Support support;

    /// <summary>Makes the distribution of <paramref name="size"/> elements; gradients reach the logits through its
    /// marginals and log-probabilities.</summary>
    /// <param name="logits">θ, [..., n], float32 or float64.</param>
    /// <param name="size">k, 1 to n.</param>
    /// <param name="mask">bool, broadcasts to the shape of the logits: true where the element may be drawn; null for
    /// all.</param>
    /// <exception cref="ArgumentException">The logits have no axis, no element or another dtype, or the mask is not a bool
    /// tensor that broadcasts to their shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not from 1 to n.</exception>
    public Subset(Tensor logits, int size, Tensor? mask = null)
    {
        Require.Logits(logits);
        if (size < 1 || size > logits.shape[^1])
        {
            throw new ArgumentOutOfRangeException(nameof(size),
                Require.Invariant($"size is {size}; expected 1 to {logits.shape[^1]}, the number of elements."));
        }
        if (mask is not null) Require.Mask(mask, logits);
        using var scope = NewDisposeScope();
        Size = size;
        source = logits.clone().MoveToOuterDisposeScope();
        support = Support.Of(source, mask?.detach(), size);
        var restricted = support.Restrict(source).to(ScalarType.Float64);
        this.logits = (restricted - restricted.detach().amax([-1], keepdim: true)).MoveToOuterDisposeScope();
        Masked = support.Masked.logical_or(support.NoOutcome);
        foreach (var kept in (Tensor[])[Masked, support.Masked, support.NoOutcome, support.Poison])
            kept.MoveToOuterDisposeScope();
    }

    /// <summary>The number k of elements of every subset.</summary>
    public int Size { get; }

    /// <summary>The marginals μ_i = P(z_i = 1), [..., n] in the dtype of the logits; computed anew at each access, differentiable
    /// in the logits: the derivative is the covariance of z.</summary>
    public Tensor Marginals
    {
        get
        {
            using var scope = NewDisposeScope();
            return Given(SubsetMarginals.Of(logits, Size)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Draws z, 0 or 1, [..., n] in the dtype of the logits, without gradient.</summary>
    /// <param name="generator">The source of randomness; null for torch's default generator.</param>
    public Tensor Sample(Generator? generator = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        long[] columns = [logits.shape[^1], logits.numel() / logits.shape[^1]];
        var uniforms = Noise.Uniform(empty(columns, dtype: ScalarType.Float64, device: logits.device), generator);
        var drawn = SubsetMarginals.Rows(logits, Size, sums => sums.Draw(uniforms));
        return Given(drawn).Plus(support.Poison).MoveToOuterDisposeScope();
    }

    /// <summary>Computes log p(z), [...], nats, in the dtype of the logits; differentiable in the logits.</summary>
    /// <param name="value">z, [..., n], of any real dtype; kept as a copy. −∞ is the answer where it is no subset of k elements
    /// that may be drawn.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> has another shape than the logits, or is complex.</exception>
    public Tensor LogProb(Tensor value)
    {
        Require.Value(value, source);
        using var scope = NewDisposeScope();
        using Scalar count = Size;
        value = value.detach().to(ScalarType.Float64, copy: true);
        var open = logits.masked_fill(support.Masked, Scalars.Zero);
        var binary = (value == Scalars.Zero).logical_or_(value == Scalars.One).all(-1);
        var possible = binary.logical_and_(value.masked_fill(support.Masked, Scalars.Zero).sum(-1) == count)
            .logical_and_(value.sum(-1) == count);
        // A NaN row stays NaN.
        var impossible = possible.logical_or_(support.Poison.isnan().squeeze(-1)).logical_not_();
        var logProb = ((open * value).sum(-1) - SubsetNormaliser.Of(logits, Size)).masked_fill(impossible, Scalars.MinusInfinity);
        return logProb.masked_fill(support.NoOutcome.squeeze(-1), Scalars.Zero).to(source.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Computes Cov(z) g, the derivative of ⟨μ, g⟩ in the logits, [..., n], constant.</summary>
    /// <param name="vector">g, [..., n], of any real dtype.</param>
    /// <exception cref="ArgumentException"><paramref name="vector"/> has another shape than the logits, or is
    /// complex.</exception>
    public Tensor CovarianceProduct(Tensor vector)
    {
        Require.SameShape(vector, nameof(vector), source, "the logits");
        Require.Real(vector, nameof(vector));
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var open = vector.to(ScalarType.Float64).masked_fill(support.Masked, Scalars.Zero);
        return Given(SubsetMarginals.CovarianceProduct(logits, Size, open)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits as given, which get the gradient of a sample; null where they need none.</summary>
    internal Tensor? Source => source.requires_grad ? source : null;

    /// <summary>The logits of the dynamic programme, [..., n], float64, −∞ where masked, constant.</summary>
    internal Tensor Restricted => logits.detach();

    /// <summary>The elements that cannot be drawn, those of rows without an outcome included, [..., n], bool.</summary>
    internal Tensor Masked { get; }

    // In the dtype of the logits, 0 where nothing can be drawn.
    private Tensor Given(Tensor result) => result.to(source.dtype).masked_fill(Masked, Scalars.Zero);
}
