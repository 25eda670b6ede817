namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>One case of another program.</summary>
/// <param name="Case">What was done.</param>
/// <param name="Milliseconds">Once.</param>
public sealed record PeerRow(string Case, Quartiles Milliseconds);
