using DiscreteGradients.Autograd;
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

    /// <summary>τ &gt; 0, without unit. Smaller: less bias, more variance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number above 0.</exception>
    public double Temperature { get; init => field = Require.Temperature(value); }

    /// <summary>How the gradient travels; the numbers do not depend on it.</summary>
    public GradientForm Form { get; init; } = GradientForm.Autograd;

    /// <inheritdoc/>
    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        using var scope = NewDisposeScope();
        Relaxed drawn;
        using (no_grad()) drawn = Draw(distribution, generator);
        if (!WantsGradient(distribution)) return new(drawn.Value.MoveToOuterDisposeScope(), Form);
        if (Form == GradientForm.Autograd)
            return new(Jacobian(drawn.Value, drawn).MoveToOuterDisposeScope(), Form);
        Tensor mean;
        using (no_grad()) mean = drawn.Average.Mean(drawn.Constants);
        return new(drawn.Value.detach().requires_grad_().MoveToOuterDisposeScope(), Form)
        {
            Relaxation = Jacobian(mean, drawn).MoveToOuterDisposeScope(),
            Mask = distribution.Mask,
        };

        Tensor Jacobian(Tensor forward, Relaxed relaxed) => SoftmaxJacobian.Apply(
            distribution.LogProbs, forward, distribution.Mask, relaxed.Average, relaxed.Constants);
    }

    internal static bool WantsGradient(OneHotCategorical distribution) =>
        is_grad_enabled() && distribution.LogProbs.requires_grad;

    /// <summary>Draws the value and fixes the noise; called without gradients.</summary>
    private protected abstract Relaxed Draw(OneHotCategorical distribution, Generator? generator);

    /// <summary>softmax(x/τ), exactly 0 in rows without a category.</summary>
    private protected Tensor Soften(Tensor perturbed, Tensor? mask)
    {
        var soft = (perturbed / Temperature).softmax(-1);
        return mask is null ? soft : soft * mask;
    }

    /// <summary>What the cost sees, and the draws at which the Jacobian is taken with the tensors that they need.</summary>
    private protected sealed record Relaxed(Tensor Value, ISoftmaxAverage Average, params Tensor[] Constants);
}
