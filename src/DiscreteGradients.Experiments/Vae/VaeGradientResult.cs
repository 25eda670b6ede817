using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The findings of a study of the gradient of the inference network.</summary>
/// <param name="Step">The step of the training; null where it is not known.</param>
/// <param name="Arity">Categories of a variable of the model.</param>
/// <param name="Settings">Settings of the study.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
/// <param name="Lines">Proposition 3 at each temperature with two or more of ST-GS and GR-MCK.</param>
internal sealed record VaeGradientResult(int? Step, int Arity, VaeGradientSettings Settings,
    IReadOnlyList<VaeGradientMeasurement> Rows, IReadOnlyList<MinibatchDecomposition> Lines)
{
    /// <summary>‖E r‖² of the reference, less its sampling variance: the scale of the biases. Null without a reference.</summary>
    public Estimate? ReferenceSquaredNorm { get; init; }

    /// <summary>Where three or more temperatures were measured with a reference; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}

/// <summary>The gradient of the inference network by one estimator at one temperature. Errors are standard errors over
/// minibatches.</summary>
internal sealed record VaeGradientMeasurement
{
    /// <summary>The estimator.</summary>
    public required EstimatorName Estimator { get; init; }

    /// <summary>τ; REINFORCE, which ignores it, is measured at the first one only.</summary>
    public required double Temperature { get; init; }

    /// <summary>The mean over minibatches of tr var[∇ | minibatch].</summary>
    public required Estimate Trace { get; init; }

    /// <summary>log₁₀ of <see cref="Trace"/>; null where that is not above 0.</summary>
    public Estimate? Log10Trace => Trace.Log10;

    /// <summary><see cref="Trace"/> of the estimator named before less this one's, minibatch by minibatch.</summary>
    public Estimate? TraceDifference { get; init; }

    /// <summary>tr var over minibatches of the mean gradient of each: that of the means over the passes, less
    /// <see cref="Trace"/> / passes.</summary>
    public required Estimate MinibatchTrace { get; init; }

    /// <summary>log₁₀ of <see cref="MinibatchTrace"/>; null where that is not above 0.</summary>
    public double? Log10MinibatchTrace => MinibatchTrace.Log10?.Value;

    /// <summary>‖E ∇ − E r‖² against the long-run REINFORCE mean over the same minibatches, less the sampling variance of both:
    /// unbiased, so it may come out below 0. Null without a reference.</summary>
    public Estimate? SquaredBias { get; init; }

    /// <summary><see cref="Trace"/> + <see cref="SquaredBias"/>: the error of one pass as an estimate of the minibatch's gradient,
    /// with the bias of the mean over minibatches.</summary>
    public Estimate? MeanSquaredError { get; init; }

    /// <summary>log₁₀ of <see cref="MeanSquaredError"/>; null where that is not above 0.</summary>
    public double? Log10MeanSquaredError => MeanSquaredError?.Log10?.Value;
}
