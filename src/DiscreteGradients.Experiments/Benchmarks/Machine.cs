using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>What a measurement was made on.</summary>
/// <param name="Processor">The model, as the system names it.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="Runtime">For example ".NET 10.0.1".</param>
/// <param name="VectorBits">The widest vectors that the runtime computes with; null where it does not tell.</param>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime, int? VectorBits)
{
    /// <summary>This one.</summary>
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
