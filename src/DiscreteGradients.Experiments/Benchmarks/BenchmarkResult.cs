using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>What one benchmark found on one machine: one JSON line, and a section of docs/performance.md.</summary>
/// <param name="Threads">The most threads of every contestant.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "benchmark")]
[JsonDerivedType(typeof(KernelResult), "kernel")]
[JsonDerivedType(typeof(VaeResult), "vae")]
[JsonDerivedType(typeof(IwaeResult), "iwae")]
[JsonDerivedType(typeof(SearchResult), "search")]
[JsonDerivedType(typeof(PeerResult), "peer")]
internal abstract record BenchmarkResult(Machine Machine, int Threads, string Version)
{
    internal abstract string Title { get; }

    /// <summary>What the columns mean.</summary>
    internal abstract string Caption { get; }

    internal abstract Table Table { get; }

    /// <summary>For a terminal: the machine, the table, what it means.</summary>
    [JsonIgnore]
    public string Text => Invariant($"{Machine}; {Threads} {(Threads == 1 ? "thread" : "threads")}\n\n{Table.Plain()}\n\n{Caption}");
}
