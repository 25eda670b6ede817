using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// The estimators that put the Jacobian of a tempered softmax in place of the derivative of a sample:
/// (1/(Kτ)) Σ_l (diag s^l − s^l s^lᵀ) ∂f/∂D. Each says which value the cost sees and at which draws s^l the Jacobian is taken.
/// </summary>
public abstract record RelaxedEstimator : IGradientEstimator
{
    private protected RelaxedEstimator(double temperature) => Temperature = temperature;

    /// <summary>The temperature τ &gt; 0, without unit. A smaller one means less bias and more variance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not a finite number above 0.</exception>
    public double Temperature { get; init => field = Require.Temperature(value); }

    /// <summary>The way of the gradient to the logits. The numbers do not depend on it, except for <see cref="GumbelRao"/> in
    /// float32 on the CPU: see there.</summary>
    public GradientForm Form { get; init; } = GradientForm.Autograd;

    /// <inheritdoc/>
    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        Require.Temperature(Temperature, distribution.Normalised.dtype);
        using var scope = NewDisposeScope();
        Relaxed drawn;
        using (no_grad()) drawn = Draw(distribution, generator);
        return Node().MoveToOuterDisposeScope();

        StochasticNode Node()
        {
            if (!is_grad_enabled() || !distribution.Normalised.requires_grad) return StochasticNode.Attached(drawn.Value);
            if (Form == GradientForm.Autograd) return StochasticNode.Attached(Jacobian(drawn.Value));
            Tensor mean;
            using (no_grad()) mean = drawn.Average.Mean(drawn.Constants);
            return StochasticNode.Relaxed(drawn.Value, Jacobian(mean), distribution.Masked);
        }

        Tensor Jacobian(Tensor forward) => SoftmaxJacobian.Apply(
            distribution.Unnormalised, forward, distribution.Masked, drawn.Average, drawn.Constants);
    }

    /// <summary>Writes the name and the settings, with numbers in the invariant culture.</summary>
    public sealed override string ToString() => InvariantText.Of(GetType().Name, PrintMembers);

    /// <summary>Draws the value and fixes the noise; called without gradients.</summary>
    private protected abstract Relaxed Draw(OneHotCategorical distribution, Generator? generator);

    /// <summary>Computes softmax(x/τ), exactly 0 at masked categories.</summary>
    private protected Tensor Soften(Tensor perturbed, Tensor? masked)
    {
        var soft = CpuKernels.Softmax(perturbed, Temperature);
        return masked is null ? soft : soft.masked_fill_(masked, Scalars.Zero);
    }

    /// <summary>Tells whether the fused kernels can do the backward pass.</summary>
    private protected bool KernelServes(OneHotCategorical distribution) =>
        Form == GradientForm.Autograd && Temperature is >= 0.01 and <= 10 && CpuKernels.Serve(distribution.Normalised);

    /// <summary>The value that the cost sees, and the draws at which the Jacobian is taken, with the tensors that they
    /// need.</summary>
    private protected sealed record Relaxed(Tensor Value, ISoftmaxAverage Average, params Tensor[] Constants);
}
