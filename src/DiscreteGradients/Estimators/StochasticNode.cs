using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A drawn value and the way of a gradient to its logits. There are three: the gradient is <i>attached</i> to the value, the
/// value is <i>scored</i> by its log-probability, or it is <i>relaxed</i>, a leaf with a differentiable stand-in.
/// <see cref="SurrogateLoss"/> closes the loss for all three, so a training loop does not depend on the estimator.
/// </summary>
public sealed class StochasticNode
{
    private StochasticNode(Tensor value) => Value = value;

    /// <summary>D, or the relaxed S for Gumbel-Softmax; [..., n], what the cost function is given.</summary>
    public Tensor Value { get; }

    /// <summary>log p_θ(D) of a scored node, [...]; else null.</summary>
    public Tensor? Score { get; private init; }

    /// <summary>S(θ) of a relaxed node, [..., n]: its gradient replaces that of the value, eq. 17–19; else null.</summary>
    public Tensor? Relaxation { get; private init; }

    /// <summary>The way of the score term into the loss.</summary>
    internal GradientForm Form { get; private init; }

    /// <summary>Categories that could not be drawn; a cost gradient there (it may be infinite) is left out.</summary>
    internal Tensor? Closed { get; private init; }

    /// <summary>A node whose value carries its gradient: backpropagation through it is enough.</summary>
    /// <param name="value">[..., n].</param>
    public static StochasticNode Attached(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A node that is weighed with the cost, (f − b) ∇log p(D), as REINFORCE does it.</summary>
    /// <param name="value">D, [*batch, ..., n].</param>
    /// <param name="logProb">log p_θ(D), [*batch, ...]: a number for each example at least.</param>
    /// <exception cref="ArgumentException">The axes of <paramref name="logProb"/> are not the leading ones of the value.</exception>
    public static StochasticNode Scored(Tensor value, Tensor logProb) => Scored(value, logProb, GradientForm.Autograd);

    internal static StochasticNode Scored(Tensor value, Tensor logProb, GradientForm form)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(logProb);
        if (logProb.dim() >= value.dim() || !value.shape.AsSpan(0, (int)logProb.dim()).SequenceEqual(logProb.shape))
            throw new ArgumentException($"logProb has shape {Require.Shape(logProb)}; expected leading axes of {Require.Shape(value)}, the shape of the value.", nameof(logProb));
        return new(value) { Score = logProb, Form = form };
    }

    /// <summary>A node with a differentiable stand-in. Its value becomes a leaf, a copy that takes the gradient of the cost;
    /// without a gradient to carry, it stays as it is.</summary>
    /// <param name="value">D, [..., n].</param>
    /// <param name="relaxation">S(θ), of the shape of the value: the gradient of ⟨∂f/∂D, S(θ)⟩ is the estimate.</param>
    /// <exception cref="ArgumentException">Two shapes.</exception>
    public static StochasticNode Relaxed(Tensor value, Tensor relaxation) => Relaxed(value, relaxation, null);

    internal static StochasticNode Relaxed(Tensor value, Tensor relaxation, Tensor? closed)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(relaxation);
        Require.SameShape(relaxation, nameof(relaxation), value, "the value");
        return relaxation.requires_grad
            ? new(value.detach().clone().requires_grad_()) { Relaxation = relaxation, Closed = closed }
            : new(value);
    }

    /// <summary>The node, its tensors moved to the outer dispose scope.</summary>
    internal StochasticNode MoveToOuterDisposeScope()
    {
        Value.MoveToOuterDisposeScope();
        Score?.MoveToOuterDisposeScope();
        Relaxation?.MoveToOuterDisposeScope();
        return this;
    }
}
