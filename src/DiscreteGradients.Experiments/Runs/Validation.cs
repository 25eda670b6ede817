namespace DiscreteGradients.Experiments.Runs;

/// <summary>What a validation found.</summary>
/// <param name="Line">Its line of the metrics.</param>
/// <param name="Note">The same for a reader.</param>
internal sealed record Validation(object Line, string Note);
