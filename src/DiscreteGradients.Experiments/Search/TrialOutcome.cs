namespace DiscreteGradients.Experiments.Search;

/// <summary>Where a training stands.</summary>
/// <param name="Diverged">Whether the loss stopped being a number.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Validation">The last validation while training; null where there was none.</param>
public sealed record TrialOutcome(bool Diverged, int Steps, double? Validation);
