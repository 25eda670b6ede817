using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The findings of a study of a toy problem.</summary>
/// <param name="Probabilities">p, [V·n].</param>
/// <param name="Singular">Whether f is infinite at p, so that only differences of log traces have a value.</param>
/// <param name="Objective">E f(D, θ).</param>
/// <param name="ExactByValue">The exact gradient to the logits by way of D alone, [V·n]; null at a singular point.</param>
/// <param name="ExactTotal">The exact gradient in all, [V·n].</param>
/// <param name="Direct">Whether the estimators' gradients include the direct dependence of f on θ.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
internal sealed record ToyProblemResult(IReadOnlyList<double> Probabilities, bool Singular, double Objective,
    IReadOnlyList<double>? ExactByValue, IReadOnlyList<double> ExactTotal, bool Direct, IReadOnlyList<ToyProblemMeasurement> Rows)
{
    /// <summary>For each estimator with a temperature, where at least three were measured; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}

/// <summary>The gradient of one estimator to the logits, at one point and temperature. Errors are standard errors. At a
/// singular point only <see cref="Log10TraceDifference"/> exists, as a limit.</summary>
internal sealed record ToyProblemMeasurement
{
    /// <summary>The estimator.</summary>
    public required EstimatorName Estimator { get; init; }

    /// <summary>τ; REINFORCE ignores it.</summary>
    public required double Temperature { get; init; }

    /// <summary>Gradients drawn.</summary>
    public required int Draws { get; init; }

    /// <summary>The mean of the draws, [V·n].</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>The standard error of each element of <see cref="Mean"/>.</summary>
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
