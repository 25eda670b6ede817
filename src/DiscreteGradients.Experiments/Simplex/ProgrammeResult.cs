using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Simplex;

/// <summary>What a study of a programme found.</summary>
/// <param name="Probabilities">p, [V·n].</param>
/// <param name="Singular">Whether f is infinite at p, so that only differences of log traces have a value.</param>
/// <param name="Objective">E f(D, θ).</param>
/// <param name="ExactByValue">The exact gradient to the logits by way of D alone, [V·n]; null at a singular point.</param>
/// <param name="ExactTotal">The exact gradient in all, [V·n].</param>
/// <param name="Direct">Whether the estimators' gradients include the direct dependence of f on θ.</param>
/// <param name="Rows">Estimator by estimator, temperature by temperature.</param>
public sealed record ProgrammeResult(IReadOnlyList<double> Probabilities, bool Singular, double Objective,
    IReadOnlyList<double>? ExactByValue, IReadOnlyList<double> ExactTotal, bool Direct, IReadOnlyList<ProgrammeMeasurement> Rows)
{
    /// <summary>For each estimator with a temperature, where at least three were measured; else null.</summary>
    public IReadOnlyList<SuggestedTemperature>? Suggestions { get; init; }
}
