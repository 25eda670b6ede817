namespace DiscreteGradients.Experiments.Vae;

/// <summary>The gradient of the inference network by one estimator at one temperature. Errors are standard errors over
/// minibatches.</summary>
public sealed record VaeGradientMeasurement
{
    /// <summary>Its name.</summary>
    public required EstimatorName Estimator { get; init; }

    /// <summary>τ; REINFORCE, which ignores it, is measured at the first one only.</summary>
    public required double Temperature { get; init; }

    /// <summary>The mean over minibatches of tr var[∇ | minibatch].</summary>
    public required double Trace { get; init; }

    /// <summary>Of <see cref="Trace"/>.</summary>
    public required double TraceError { get; init; }

    /// <summary>log₁₀ of <see cref="Trace"/>.</summary>
    public required double Log10Trace { get; init; }

    /// <summary>Of <see cref="Log10Trace"/>.</summary>
    public required double Log10TraceError { get; init; }

    /// <summary><see cref="Trace"/> of the estimator named before less this one's, minibatch by minibatch.</summary>
    public double? TraceDifference { get; init; }

    /// <summary>Of <see cref="TraceDifference"/>.</summary>
    public double? TraceDifferenceError { get; init; }

    /// <summary>tr var over minibatches of the mean gradient of each: that of the means over the passes, less
    /// <see cref="Trace"/> / passes.</summary>
    public required double MinibatchTrace { get; init; }

    /// <summary>Of <see cref="MinibatchTrace"/>.</summary>
    public required double MinibatchTraceError { get; init; }

    /// <summary>log₁₀ of <see cref="MinibatchTrace"/>; null where that is not above 0.</summary>
    public double? Log10MinibatchTrace { get; init; }

    /// <summary>‖E ∇ − E r‖² against the long-run REINFORCE mean over the same minibatches, less the sampling variance of both:
    /// unbiased, so it may come out below 0. Null without a reference.</summary>
    public double? SquaredBias { get; init; }

    /// <summary>Of <see cref="SquaredBias"/>.</summary>
    public double? SquaredBiasError { get; init; }

    /// <summary><see cref="Trace"/> + <see cref="SquaredBias"/>: the error of one pass as an estimate of the minibatch's gradient,
    /// with the bias of the mean over minibatches.</summary>
    public double? MeanSquaredError { get; init; }

    /// <summary>Of <see cref="MeanSquaredError"/>.</summary>
    public double? MeanSquaredErrorError { get; init; }

    /// <summary>log₁₀ of <see cref="MeanSquaredError"/>; null where that is not above 0.</summary>
    public double? Log10MeanSquaredError { get; init; }
}
