namespace DiscreteGradients.Experiments.Search;

/// <summary>What is recorded of a trial.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Record">Null while it has not ended.</param>
/// <param name="Final">Null while it was not reported.</param>
internal sealed record TrialState(Trial Trial, TrialRecord? Record, FinalRecord? Final);
