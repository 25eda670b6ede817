using DiscreteGradients.Experiments.Benchmarks;

namespace DiscreteGradients.Experiments.Costs;

/// <summary>One estimator on the problem of one arity. Errors are standard errors; all figures but the time are functions of
/// the settings.</summary>
/// <param name="Arity">n.</param>
/// <param name="Estimator">Its name.</param>
/// <param name="Milliseconds">Of one gradient: sample, cost, backward pass.</param>
/// <param name="Trace">tr cov of the gradient, as a part of the squared length of the exact gradient.</param>
/// <param name="SquaredBias">In the same unit, less the sampling variance of the mean.</param>
public sealed record CostRow(int Arity, EstimatorName Estimator, Quartiles Milliseconds, Estimate Trace, Estimate SquaredBias)
{
    /// <summary>log₁₀ of <see cref="Trace"/>.</summary>
    public Estimate? Log10Trace => Trace.Log10;

    /// <summary>The name without K.</summary>
    public string Family => Estimator.With(samples: null);
}
