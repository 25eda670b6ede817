using DiscreteGradients.Backward;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A node is a drawn value and the way of a gradient to its logits. There are three ways: the gradient is <i>attached</i> to
/// the value, the value is <i>scored</i> by its log-probability, or it is <i>relaxed</i>, a leaf with a differentiable
/// stand-in. <see cref="SurrogateLoss"/> closes the loss for all three, so a training loop does not depend on the estimator.
/// </summary>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var q = new OneHotCategorical(logits);
/// var value = q.Sample();
/// var straightThrough = StochasticNode.Relaxed(value, q.Probs);           // the gradient of the cost goes to the probabilities
/// SurrogateLoss.Parallel((straightThrough.Value * randn(5)).sum(-1), [straightThrough]).mean().backward();
/// </code>
/// </example>
public sealed class StochasticNode
{
    private StochasticNode(Tensor value) => Value = value;

    /// <summary>The value that the cost function is given, [..., n]: D, or the relaxed S of Gumbel-Softmax.</summary>
    public Tensor Value { get; }

    /// <summary>The score log p_θ(D) of a scored node, [...]; else null.</summary>
    public Tensor? Score { get; private init; }

    /// <summary>The stand-in S(θ) of a relaxed node, [..., n], whose gradient replaces that of the value, eq. 17–19; else
    /// null.</summary>
    public Tensor? Relaxation { get; private init; }

    /// <summary>The form in which the score term enters the loss.</summary>
    internal GradientForm Form { get; private init; }

    /// <summary>The categories that could not be drawn. A cost gradient there, infinite perhaps, is left out.</summary>
    internal Tensor? Masked { get; private init; }

    /// <summary>Makes a node whose value carries its gradient: backpropagation through it is enough.</summary>
    /// <param name="value">[..., n].</param>
    public static StochasticNode Attached(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>Makes a node that is weighed with the cost, (f − b) ∇log p(D), as REINFORCE does it. A second derivative through
    /// it is refused.</summary>
    /// <param name="value">D, [*batch, ..., n].</param>
    /// <param name="logProb">log p_θ(D), [*batch, ...]: a number for each example at least.</param>
    /// <exception cref="ArgumentException">The axes of <paramref name="logProb"/> are not the leading ones of the
    /// value.</exception>
    public static StochasticNode Scored(Tensor value, Tensor logProb) =>
        Scored(value, Guarded(logProb), GradientForm.Autograd);

    internal static StochasticNode Scored(Tensor value, Tensor logProb, GradientForm form)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(logProb);
        if (logProb.dim() >= value.dim() || !value.shape.AsSpan(0, (int)logProb.dim()).SequenceEqual(logProb.shape))
        {
            throw new ArgumentException($"logProb has shape {Require.Shape(logProb)}; expected leading axes of "
                + $"{Require.Shape(value)}, the shape of the value.", nameof(logProb));
        }

        return new(value) { Score = logProb, Form = form };
    }

    /// <summary>Makes a node with a differentiable stand-in. Its value becomes a leaf, a copy that takes the gradient of the
    /// cost; without a gradient to carry, it stays as it is. A second derivative through it is refused.</summary>
    /// <param name="value">D, [..., n].</param>
    /// <param name="relaxation">S(θ), of the shape of the value: the gradient of ⟨∂f/∂D, S(θ)⟩ is the estimate.</param>
    /// <exception cref="ArgumentException">The two shapes differ.</exception>
    public static StochasticNode Relaxed(Tensor value, Tensor relaxation) => Relaxed(value, Guarded(relaxation), null);

    internal static StochasticNode Relaxed(Tensor value, Tensor relaxation, Tensor? masked)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(relaxation);
        Require.SameShape(relaxation, nameof(relaxation), value, "the value");
        if (!relaxation.requires_grad) return new(value);
        var dtype = is_floating_point(value) ? value.dtype : relaxation.dtype;
        return new(value.detach().to(dtype, copy: true).requires_grad_()) { Relaxation = relaxation, Masked = masked?.alias() };
    }

    // The score or the stand-in of an estimator of the user's own, differentiable once, as those of the library are.
    private static Tensor Guarded(Tensor term) =>
        is_grad_enabled() && term is { requires_grad: true } ? FirstDerivativeOnly.Apply(term) : term;

    /// <summary>Moves all tensors of the node to the outer dispose scope, as where a function draws a node in a scope of its own
    /// and returns it. The distribution may go.</summary>
    /// <returns>The node.</returns>
    public StochasticNode MoveToOuterDisposeScope()
    {
        Value.MoveToOuterDisposeScope();
        Score?.MoveToOuterDisposeScope();
        Relaxation?.MoveToOuterDisposeScope();
        Masked?.MoveToOuterDisposeScope();
        return this;
    }
}
