namespace DiscreteGradients.Experiments.Search;

/// <summary>How a trial is run; nothing here changes its numbers.</summary>
/// <param name="Threads">At least 1.</param>
/// <param name="CheckpointInterval">Between checkpoints.</param>
/// <param name="Progress">Told the part done, all of it, and what it is.</param>
internal sealed record TrialOptions(int Threads, TimeSpan CheckpointInterval, Action<double, double, Activity>? Progress = null);
