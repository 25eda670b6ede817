namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>One command.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="Ratio">The time of the row above in the same round, over this one's; null where that says nothing.</param>
public sealed record SearchRow(string Name, Quartiles Seconds, Quartiles? Ratio = null);
