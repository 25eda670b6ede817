namespace DiscreteGradients.Experiments.Simplex;

/// <summary>The gradient of one estimator to the logits, at one point and temperature. Errors are standard errors. At a
/// singular point only <see cref="Log10TraceDifference"/> exists, as a limit.</summary>
public sealed record ProgrammeMeasurement
{
    /// <summary>Its name.</summary>
    public required EstimatorName Estimator { get; init; }

    /// <summary>τ; REINFORCE ignores it.</summary>
    public required double Temperature { get; init; }

    /// <summary>Gradients drawn.</summary>
    public required int Draws { get; init; }

    /// <summary>Of the draws, [V·n].</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>Of each element of <see cref="Mean"/>.</summary>
    public IReadOnlyList<double>? MeanError { get; init; }

    /// <summary>tr cov(g).</summary>
    public Estimate? Trace { get; init; }

    /// <summary>log₁₀ of <see cref="Trace"/>; null where nothing varies.</summary>
    public Estimate? Log10Trace => Trace?.Log10;

    /// <summary>log₁₀ trace of the first estimator less this one's, at the same temperature.</summary>
    public Estimate? Log10TraceDifference { get; init; }

    /// <summary>‖E g − r‖² against the exact gradient, less the sampling variance: it may come out below 0.</summary>
    public Estimate? SquaredBias { get; init; }

    /// <summary>The root of <see cref="SquaredBias"/>, 0 where that is below 0.</summary>
    public Estimate? BiasNorm => SquaredBias?.Root;

    /// <summary>E‖g − r‖².</summary>
    public Estimate? MeanSquaredError { get; init; }

}
