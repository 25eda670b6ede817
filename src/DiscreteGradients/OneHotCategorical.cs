using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// Independent categorical variables in one-hot encoding: the last axis of the logits holds the n categories, every
/// other axis counts variables or examples. p(D = e_k) = exp(θ_k) / Σ_j exp(θ_j).
/// </summary>
/// <remarks>
/// A category that the mask excludes has probability exactly 0, is never drawn and receives no gradient. A row without
/// any category has no outcome: its samples are all zeros and it contributes 0 to scores, entropies and gradients.
/// The log-probability of an excluded category is the finite −10⁹, so that 0 · log 0 is 0 and no NaN arises.
/// </remarks>
public sealed class OneHotCategorical
{
    private readonly Tensor logits;

    /// <summary>Normalises <paramref name="logits"/>; gradients reach them through every member.</summary>
    /// <param name="logits">θ, [..., n], float32 or float64; unnormalised log-probabilities.</param>
    /// <param name="mask">[..., n], bool, the shape of the logits: true where the category may be drawn; null for all.</param>
    /// <exception cref="ArgumentException">The logits have no axis, no category or another dtype, or the mask is not a
    /// bool tensor of their shape.</exception>
    public OneHotCategorical(Tensor logits, Tensor? mask = null)
    {
        Require.Logits(logits);
        if (mask is not null) Require.Mask(mask, logits);
        this.logits = logits;
        Mask = mask;
        if (mask is null)
        {
            LogProbs = logits.log_softmax(-1);
            return;
        }
        using var scope = NewDisposeScope();
        var excluded = mask.logical_not();
        // Filled again after normalising: a row without categories would otherwise come out uniform.
        LogProbs = logits.masked_fill(excluded, Scalars.Excluded).log_softmax(-1).masked_fill(excluded, Scalars.Excluded)
            .MoveToOuterDisposeScope();
    }

    /// <summary>log p, [..., n]: the normalised logits; −10⁹ where excluded. The gradient through a value drawn goes to the
    /// logits themselves, not by way of this tensor.</summary>
    public Tensor LogProbs { get; }

    /// <summary>Where a gradient goes that sums to 0 over the open categories and is 0 at the others: normalising maps it to
    /// itself. The logits; <see cref="LogProbs"/> once they are disposed.</summary>
    internal Tensor Unnormalised => logits.IsInvalid ? LogProbs : logits;

    /// <summary>What may be drawn, [..., n], bool; null if everything may.</summary>
    public Tensor? Mask { get; }

    /// <summary>p, [..., n], computed anew at each access.</summary>
    public Tensor Probs => LogProbs.exp();

    /// <summary>Draws D, one-hot [..., n] in the dtype of the logits, without gradient.</summary>
    /// <param name="generator">Source of randomness; null for torch's default generator.</param>
    public Tensor Sample(Generator? generator = null)
    {
        using var _ = no_grad();
        if (CpuKernels.Serve(LogProbs)) return CpuKernels.Draw(LogProbs, Seed.Next(generator));
        using var scope = NewDisposeScope();
        return OneHot(Gumbel.Perturb(LogProbs, generator)).MoveToOuterDisposeScope();
    }

    /// <summary>The most probable category of each variable, one-hot [..., n], without gradient; the first of equals.</summary>
    public Tensor Mode()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return OneHot(LogProbs).MoveToOuterDisposeScope();
    }

    /// <summary>log p(D), [...], nats: one number a variable, differentiable in the logits.</summary>
    /// <param name="value">D, one-hot [..., n], in the dtype of the logits.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> has another shape than the logits.</exception>
    public Tensor LogProb(Tensor value)
    {
        Require.SameShape(value, nameof(value), LogProbs, "the logits");
        using var scope = NewDisposeScope();
        return (LogProbs * value).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>−Σ_k p_k log p_k, [...], nats.</summary>
    public Tensor Entropy()
    {
        using var scope = NewDisposeScope();
        return (Probs * LogProbs).sum(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>KL(this ‖ other) = Σ_k p_k (log p_k − log q_k), [...], nats. A category that only
    /// <paramref name="other"/> excludes counts with log q = −10⁹ instead of −∞.</summary>
    /// <param name="other">q; its logits broadcast against these.</param>
    public Tensor KL(OneHotCategorical other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        return (Probs * (LogProbs - other.LogProbs)).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>One-hot of the largest score; zeros in rows without a category.</summary>
    internal Tensor OneHot(Tensor scores)
    {
        if (CpuKernels.Serve(scores)) return CpuKernels.OneHot(scores);
        var value = nn.functional.one_hot(scores.argmax(-1), scores.shape[^1]).to(scores.dtype);
        return Mask is null ? value : value * Mask;
    }
}
