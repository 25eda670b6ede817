namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>What another program measured: benchmarks/peers prints these.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Threads">Of its tensor operations.</param>
/// <param name="Version">Of its libraries.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Rows">One a case.</param>
public sealed record PeerResult(Machine Machine, int Threads, string Version, string Name, IReadOnlyList<PeerRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => Name;

    internal override string Caption => $"By the scripts of benchmarks/peers ({Version}): medians, with the middle half of the rounds in brackets.";

    internal override BenchmarkTable Table => new(
        ["case", "ms"],
        [.. Rows.Select(row => (string[])[row.Case, BenchmarkTable.Range(row.Milliseconds)])]);
}
