namespace DiscreteGradients.Experiments.Vae;

/// <summary>What a comparison found.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Binarisation">How it was made binary.</param>
/// <param name="Settings">What the estimators share.</param>
/// <param name="Rows">One an estimator, in the order asked for.</param>
/// <param name="Version">Of the program, with the commit.</param>
public sealed record ComparisonResult(string Data, string Binarisation, VaeSettings Settings, IReadOnlyList<ComparisonRow> Rows, string Version);
