namespace DiscreteGradients.Experiments.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean loss of the last logged steps.</param>
/// <param name="StepsPerSecond">Since this process took the run up.</param>
/// <param name="Note">What else happened, for a log line; or null.</param>
internal readonly record struct TrainingProgress(int Step, int Steps, double Loss, double StepsPerSecond, string? Note = null);
