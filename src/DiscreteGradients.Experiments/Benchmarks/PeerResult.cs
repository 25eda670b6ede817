using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>What another program measured: benchmarks/peers prints these.</summary>
internal sealed record PeerResult(Machine Machine, int Threads, string Version, string Name, IReadOnlyList<PeerRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => Name;

    internal override string Caption => $"By the scripts of benchmarks/peers ({Version}): medians, with the middle half of the rounds in brackets.";

    internal override Table Table => Table.Of(
        Rows,
        new("case", row => row.Case),
        new("ms", row => Quartiles.Text(row.Milliseconds)));
}

/// <summary>One case of another program.</summary>
internal sealed record PeerRow(string Case, Quartiles Milliseconds);
