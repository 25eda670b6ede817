namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Something to be timed.</summary>
/// <param name="Name">For progress.</param>
/// <param name="Run">Done once: the thing whose duration is wanted.</param>
/// <param name="Before">Prepares a block of runs; not timed.</param>
/// <param name="After">Clears up after a block; not timed.</param>
internal sealed record Contestant(string Name, Action Run, Action? Before = null, Action? After = null);
