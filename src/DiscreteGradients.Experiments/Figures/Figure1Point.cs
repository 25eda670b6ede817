namespace DiscreteGradients.Experiments.Figures;

/// <summary>One point of Figure 1.</summary>
/// <param name="Objective">(p − c)ᵀQ(p − c).</param>
/// <param name="Singular">Whether the variances are infinite there, and the differences limits.</param>
/// <param name="StraightThrough">log₁₀ trace of ST-GS at each temperature; null at a singular point.</param>
/// <param name="GumbelRao">log₁₀ trace of GR-MCK.</param>
/// <param name="Difference">The first less the second.</param>
/// <param name="Error">Standard error of the difference, at most.</param>
public sealed record Figure1Point(double Objective, bool Singular, IReadOnlyList<double?> StraightThrough, IReadOnlyList<double?> GumbelRao, IReadOnlyList<double> Difference, IReadOnlyList<double> Error);
