namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The fused kernel beside the same algorithm in tensor operations.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Threads">Of the kernel, and of libtorch while it is timed.</param>
/// <param name="Version">Of the program, with the commit.</param>
/// <param name="Temperature">τ.</param>
/// <param name="Rows">One a workload and K.</param>
public sealed record KernelResult(Machine Machine, int Threads, string Version, double Temperature, IReadOnlyList<KernelRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "GR-MCK: sample and backward pass";

    internal override string Caption => Invariant(
        $"Milliseconds for one sample and one backward pass in float32, temperature {Temperature}: medians, with the middle half of the rounds in brackets. ")
        + "Fused: GumbelRao. gr: GumbelRaoExact, K = ∞, timed in turn with it. Tensor: the same algorithm in TorchSharp operations on [K, batch, variables, n], timed in turn with it; "
        + $"'-' where those tensors would take more than {KernelBenchmark.MemoryLimit >> 30} GiB. Ratio: tensor over fused, in the same round. ns: nanoseconds an element of K × batch × variables × n, fused.";

    internal override BenchmarkTable Table => new(
        ["[batch, variables, n]", "K", "fused, ms", "gr, ms", "tensor, ms", "ratio", "ns"],
        [.. Rows.Select(row => (string[])[
            row.Workload.ToString(), Invariant($"{row.Samples}"), BenchmarkTable.Number(row.Fused.Median), BenchmarkTable.Number(row.Exact?.Median),
            BenchmarkTable.Number(row.Tensor?.Median), BenchmarkTable.Range(row.Ratio), BenchmarkTable.Number(row.NanosecondsAnElement)])]);
}
