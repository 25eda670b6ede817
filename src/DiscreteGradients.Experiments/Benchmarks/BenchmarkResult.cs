using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The findings of one benchmark on one machine: one JSON line, and a section of docs/performance.md.</summary>
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

    /// <summary>The meaning of the columns.</summary>
    internal abstract string Caption { get; }

    internal abstract Table Table { get; }

    /// <summary>The text for a terminal: the machine, the table, what it means.</summary>
    [JsonIgnore]
    public string Text =>
        Invariant($"{Machine}; {Threads} {(Threads == 1 ? "thread" : "threads")}\n\n{Table.Plain()}\n\n{Caption}");
}

/// <summary>The measurements of another program, as benchmarks/peers prints them.</summary>
internal sealed record PeerResult(Machine Machine, int Threads, string Version, string Name, IReadOnlyList<PeerRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => Name;

    internal override string Caption =>
        $"By the scripts of benchmarks/peers ({Version}): medians, with the middle half of the rounds in brackets.";

    internal override Table Table => Table.Of(
        Rows,
        new("case", row => row.Case),
        new("ms", row => Quartiles.Text(row.Milliseconds)));
}

/// <summary>One case of another program.</summary>
internal sealed record PeerRow(string Case, Quartiles Milliseconds);

/// <summary>The machine that a measurement was made on.</summary>
/// <param name="Processor">The model, as the system names it.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="Runtime">For example ".NET 10.0.1".</param>
/// <param name="VectorBits">The widest vectors that the runtime computes with; null where it does not tell.</param>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime, int? VectorBits)
{
    public static Machine Here() => new(
        Model() ?? "unnamed processor",
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);

    public override string ToString() =>
        $"{Processor}, {Cores} cores; {System}; {Runtime}{(VectorBits is { } bits ? $", {bits}-bit vectors" : "")}";

    private static string? Model()
    {
        const string List = "/proc/cpuinfo";
        if (!File.Exists(List)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        var line = File.ReadLines(List).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }
}
