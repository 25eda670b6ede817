namespace DiscreteGradients.Experiments.Runs;

/// <summary>Another process holds a run folder.</summary>
internal sealed class FolderInUseException(string message, Exception inner) : InputException(message, inner);
