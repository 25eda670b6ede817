using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>What a study of the gradient of the inference network found.</summary>
/// <param name="Step">Of the training; null where it is not known.</param>
/// <param name="Arity">Of the model.</param>
/// <param name="Settings">Of the study.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
/// <param name="Lines">Proposition 3 at each temperature with two or more of ST-GS and GR-MCK.</param>
public sealed record VaeGradientResult(int? Step, int Arity, VaeGradientSettings Settings, IReadOnlyList<VaeGradientMeasurement> Rows, IReadOnlyList<VarianceLine> Lines)
{
    /// <summary>‖E r‖² of the reference, less its sampling variance: the scale of the biases. Null without a reference.</summary>
    public Estimate? ReferenceSquaredNorm { get; init; }

    /// <summary>Where three or more temperatures were measured with a reference; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}
