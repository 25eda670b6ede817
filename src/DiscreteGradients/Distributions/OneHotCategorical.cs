using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// This is the distribution of independent categorical variables in one-hot encoding: the last axis of the logits holds the n
/// categories, every other axis counts variables or examples. p(D = e_k) = exp(θ_k) / Σ_j exp(θ_j).
/// </summary>
/// <remarks>
/// <para>A masked category (the mask is false there, or the logit is −∞) has probability exactly 0, is never drawn and
/// receives no gradient. Its log-probability is the finite −10⁹, so that 0 · log 0 is 0 in scores, entropies and
/// divergences.</para>
/// <para>A row in which the mask is false everywhere has no outcome: its samples are all zeros and it contributes 0 to scores,
/// entropies and gradients. Another row that cannot be normalised (a NaN, +∞, or nothing but −∞) is NaN throughout: in
/// samples, scores, entropies and gradients.</para>
/// <para>The distribution keeps copies: logits and masks may be changed in place, or disposed, once it is made.</para>
/// </remarks>
/// <example>
/// <code>
/// var q = new OneHotCategorical(zeros(20, 8, 4, requires_grad: true));     // 8 variables of 4 categories, 20 examples
/// var prior = new OneHotCategorical(zeros(20, 8, 4));
/// var sample = q.Sample(new Generator(1));                                // [20, 8, 4], one-hot
/// var bound = q.KL(prior).sum(-1) - q.LogProb(sample).sum(-1);            // [20]
/// bound.mean().backward();
/// </code>
/// </example>
public sealed class OneHotCategorical
{
    // With logits of at most this size, no log-probability is below that of a masked category.
    private const double LargestOrdinaryLogit = 4e8;

    private readonly Tensor? source;
    private readonly Tensor? mask;

    /// <summary>Normalises <paramref name="logits"/>; gradients reach them through the probabilities, their
    /// logarithms, the entropy and the divergence.</summary>
    /// <param name="logits">θ, [..., n], float32 or float64; unnormalised log-probabilities.</param>
    /// <param name="mask">bool, broadcasts to the shape of the logits: true where the category may be drawn; null for
    /// all.</param>
    /// <exception cref="ArgumentException">The logits have no axis, no category or another dtype, or the mask is not a
    /// bool tensor that broadcasts to their shape.</exception>
    public OneHotCategorical(Tensor logits, Tensor? mask = null)
    {
        Require.Logits(logits);
        if (mask is not null) Require.Mask(mask, logits);
        // A copy, because what is done to the logits afterwards in place is no part of this distribution's gradient.
        source = is_grad_enabled() && logits.requires_grad ? logits.clone() : null;
        this.mask = mask?.detach().clone();
        (Normalised, Masked) = this.mask is null && CpuKernels.Bounded(logits, LargestOrdinaryLogit)
            ? (LogSoftmax.Of(source ?? logits), null)
            : Normalise(logits, this.mask);
    }

    /// <summary>The log-probabilities log p, [..., n], the normalised logits; −10⁹ at categories of probability 0. A copy,
    /// made anew at each access; differentiable in the logits.</summary>
    public Tensor LogProbs => Normalised.clone();

    /// <summary>The mask as given, expanded to [..., n], bool; null where none was given. A copy, made anew at each
    /// access.</summary>
    public Tensor? Mask => mask?.expand(Normalised.shape).clone();

    /// <summary>The probabilities p, [..., n], computed anew at each access.</summary>
    public Tensor Probs => Normalised.exp();

    /// <summary>The log-probabilities, [..., n], for reading only: log-softmax needs its values in the backward pass.</summary>
    internal Tensor Normalised { get; }

    /// <summary>The masked categories, of probability 0 by the mask or by a logit of −∞, [..., n], bool; null where there
    /// are none. A cost gradient there, infinite perhaps, is left out.</summary>
    internal Tensor? Masked { get; }

    /// <summary>The logits, for a gradient that sums to 0 over the open categories and is 0 at the others: normalising maps it to
    /// itself, so it goes to them directly.</summary>
    internal Tensor Unnormalised => source ?? Normalised;

    /// <summary>Draws D, one-hot [..., n] in the dtype of the logits, without gradient.</summary>
    /// <param name="generator">The source of randomness; null for torch's default generator.</param>
    public Tensor Sample(Generator? generator = null)
    {
        using var _ = no_grad();
        if (CpuKernels.Serve(Normalised)) return CpuKernels.Draw(Normalised, Seed.Next(generator));
        using var scope = NewDisposeScope();
        return OneHot(Gumbel.Perturb(Normalised, generator)).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the most probable category of each variable, one-hot [..., n], without gradient; the first of
    /// equals.</summary>
    public Tensor Mode()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return OneHot(Normalised).MoveToOuterDisposeScope();
    }

    /// <summary>Computes log p(D), [...], nats: one number a variable, differentiable in the logits.</summary>
    /// <param name="value">D, one-hot [..., n], of any real dtype; kept as a copy.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> has another shape than the logits, or is complex.</exception>
    public Tensor LogProb(Tensor value)
    {
        Require.Value(value, Normalised);
        using var scope = NewDisposeScope();
        return (Normalised * value.to(Normalised.dtype, copy: true)).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the entropy −Σ_k p_k log p_k, [...], nats.</summary>
    public Tensor Entropy()
    {
        using var scope = NewDisposeScope();
        return (Probs * Normalised).sum(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>Computes the divergence KL(this ‖ other) = Σ_k p_k (log p_k − log q_k), [...], nats. A category that only
    /// <paramref name="other"/> masks counts with log q = −10⁹ instead of −∞.</summary>
    /// <param name="other">q, over the same categories; its leading axes broadcast to those of this distribution.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> has another number of categories, or leading axes that do
    /// not broadcast to these.</exception>
    public Tensor KL(OneHotCategorical other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Require.BroadcastsTo(other.Normalised, nameof(other), Normalised, "this distribution", lastAxisToo: false);
        using var scope = NewDisposeScope();
        return (Probs * (Normalised - other.Normalised)).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the one-hot vector of the largest score; zeros in rows that are masked, NaN in rows that cannot be
    /// normalised.</summary>
    internal Tensor OneHot(Tensor scores)
    {
        if (CpuKernels.Serve(scores)) return CpuKernels.OneHot(scores);
        var value = nn.functional.one_hot(scores.argmax(-1), scores.shape[^1]).to(scores.dtype);
        if (Masked is not null) value = value.masked_fill(Masked, Scalars.Zero);
        return value.masked_fill(Normalised.isnan(), Scalars.NaN);
    }

    private static (Tensor Normalised, Tensor Masked) Normalise(Tensor logits, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var support = Support.Of(logits, mask);
        var normalised = LogSoftmax.Of(support.Restrict(logits));
        normalised = normalised.masked_fill((normalised < Scalars.LogZero).logical_or_(support.NoOutcome), Scalars.LogZero);
        return (normalised.MoveToOuterDisposeScope(), support.Masked.MoveToOuterDisposeScope());
    }
}
