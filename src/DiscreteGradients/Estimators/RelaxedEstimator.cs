using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// The relaxed estimators have a temperature: the Jacobian of a tempered softmax takes the place of the derivative of a sample,
/// (1/(Kτ)) Σ_l (diag s^l − s^l s^lᵀ) ∂f/∂D. Each says at which draws s^l it is taken.
/// </summary>
/// <example>
/// <code>
/// RelaxedEstimator estimator = new GumbelRaoExact(1.0);
/// for (var step = 0; step &lt; 5; step++)
///     estimator = estimator with { Temperature = Math.Exp(-0.1 * step) };  // annealing
/// </code>
/// </example>
public abstract record RelaxedEstimator : PathwiseEstimator
{
    private protected RelaxedEstimator(double temperature) => Temperature = temperature;

    /// <summary>The temperature τ &gt; 0, without unit. A smaller one means less bias and more variance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not a finite number above 0.</exception>
    public double Temperature { get; init => field = Require.Temperature(value); }

    /// <inheritdoc/>
    public sealed override StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        Require.Temperature(Temperature, distribution.Normalised.dtype);
        return base.Sample(distribution, generator);
    }

    /// <summary>Computes softmax(x/τ), exactly 0 at masked categories.</summary>
    private protected Tensor Soften(Tensor perturbed, Tensor? masked) => Soften(perturbed, masked, Temperature);

    /// <summary>Tells whether the fused kernels can do the backward pass.</summary>
    private protected bool KernelServes(OneHotCategorical distribution) =>
        Form == GradientForm.Autograd && Temperature is >= 0.01 and <= 10 && CpuKernels.Serve(distribution.Normalised);
}
