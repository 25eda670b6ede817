using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// The pathwise estimators use the derivative of the cost: the gradient to the logits is a linear map of ∂f/∂D, with one
/// evaluation of f. Each says which value the cost sees and which map stands for the derivative of a sample.
/// </summary>
/// <example>
/// <code>
/// PathwiseEstimator[] family = [new StraightThrough(), new GumbelRaoExact(0.5), new SecondOrderStraightThrough()];
/// foreach (var estimator in family) Console.WriteLine($"{estimator}: {estimator.Form}");
/// </code>
/// </example>
public abstract record PathwiseEstimator : IGradientEstimator
{
    private protected PathwiseEstimator()
    {
    }

    /// <summary>The way of the gradient to the logits. The numbers do not depend on it, but for the exceptions that
    /// <see cref="GradientForm"/> names.</summary>
    public GradientForm Form { get; init; } = GradientForm.Autograd;

    /// <inheritdoc/>
    public virtual StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        using var scope = NewDisposeScope();
        Drawn drawn;
        using (no_grad()) drawn = Draw(distribution, generator);
        return Node(drawn, distribution.Normalised.requires_grad ? distribution.Unnormalised : null, distribution.Masked)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Writes the name and the settings, with numbers in the invariant culture.</summary>
    public sealed override string ToString() => InvariantText.Of(GetType().Name, PrintMembers);

    /// <summary>Draws the value and fixes the map; called without gradients.</summary>
    private protected abstract Drawn Draw(OneHotCategorical distribution, Generator? generator);

    /// <summary>Makes the node of a draw.</summary>
    /// <param name="drawn">The draw.</param>
    /// <param name="logits">The logits that get the gradient; null where they need none.</param>
    /// <param name="masked">The categories that could not be drawn; or null.</param>
    private protected StochasticNode Node(Drawn drawn, Tensor? logits, Tensor? masked)
    {
        if (!is_grad_enabled() || logits is null) return StochasticNode.Attached(drawn.Value);
        if (Form == GradientForm.Autograd) return StochasticNode.Attached(Mapped(drawn.Value));
        Tensor relaxation;
        using (no_grad()) relaxation = drawn.Map.Relaxation(drawn.Constants);
        return StochasticNode.Relaxed(drawn.Value, Mapped(relaxation), masked);

        Tensor Mapped(Tensor forward) => MappedGradient.Apply(logits, forward, masked, drawn.Map, drawn.Constants);
    }

    /// <summary>Computes softmax(x/τ), exactly 0 at masked categories.</summary>
    private protected static Tensor Soften(Tensor scores, Tensor? masked, double temperature)
    {
        if (masked is null) return CpuKernels.Softmax(scores, temperature);
        // The score of a masked category is large and negative, but finite: a high temperature would make it an ordinary one.
        // A row that has no other is NaN on the way.
        using var open = scores.masked_fill(masked, Scalars.MinusInfinity);
        return CpuKernels.Softmax(open, temperature).masked_fill_(masked, Scalars.Zero);
    }

    /// <summary>The value that the cost sees, and the map of its gradient, with the tensors that the map needs.</summary>
    private protected sealed record Drawn(Tensor Value, IGradientMap Map, params Tensor[] Constants);
}
