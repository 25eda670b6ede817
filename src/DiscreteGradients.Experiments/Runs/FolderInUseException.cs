namespace DiscreteGradients.Experiments.Runs;

/// <summary>Another process holds a run folder.</summary>
public sealed class FolderInUseException(string message, Exception inner) : InputException(message, inner);
