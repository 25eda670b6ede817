using System.Globalization;
using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The findings of the benchmarks in a few sentences that are computed from them.</summary>
internal static class PerformanceHeadline
{
    private const int Samples = 100;

    /// <summary>One sentence a line; none where nothing was measured that they speak of.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<BenchmarkResult> results)
    {
        var kernels = results.OfType<KernelResult>().ToList();
        if (kernels.Count > 0)
        {
            var rows = Rows(kernels[0]);
            var ratios = rows.Select(row => row.Ratio?.Median).OfType<double>().ToList();
            if (ratios.Count > 0)
                yield return $"A sample and backward pass of GR-MC{Samples} is {Times(ratios)} faster than by tensor operations of TorchSharp.";
            foreach (var peer in results.OfType<PeerResult>())
            {
                if (kernels.Find(one => IsOfOneSetting(one, peer)) is not { } kernel) continue;
                var others = Rows(kernel).Join(peer.Rows, row => Invariant($"{row.Workload}, K = {row.Samples}"), row => row.Case,
                    (ours, theirs) => theirs.Milliseconds.Median / ours.Fused.Median).ToList();
                if (others.Count > 0) yield return $"It is {Times(others)} faster than {peer.Name}.";
            }
            var exact = rows.Where(row => row.Exact is not null).Select(row => row.Exact!.Median / row.Fused.Median).ToList();
            if (exact.Count > 0) yield return $"GumbelRaoExact, which is K = ∞, takes {Times(exact)} the time of GR-MC{Samples}.";
        }
        var trainings = results.OfType<VaeResult>().OrderBy(result => result.Threads).ThenBy(result => result.BatchSize).ToList();
        if (trainings.Count == 0) yield break;
        var (first, arity) = (trainings[0], trainings[0].Rows[0].Arity);
        var steps = first.Rows.Where(row => row.Arity == arity)
            .Select(row => $"{Quartiles.Number(row.Milliseconds.Median)} ms with {row.Estimator}");
        yield return Invariant(
            $"A training step of the VAE (n = {arity}, batch size {first.BatchSize}) takes {string.Join(", ", steps)}.");
    }

    private static List<KernelRow> Rows(KernelResult kernel) => [.. kernel.Rows.Where(row => row.Samples == Samples)];

    // Other programs name the system and the runtime in words of their own.
    private static bool IsOfOneSetting(BenchmarkResult ours, BenchmarkResult theirs) => ours.Threads == theirs.Threads
        && (ours.Machine.Processor, ours.Machine.Cores) == (theirs.Machine.Processor, theirs.Machine.Cores);

    private static string Times(IReadOnlyCollection<double> ratios)
    {
        var (least, most) = (Round(ratios.Min()), Round(ratios.Max()));
        return least == most ? $"{least} times" : $"{least} to {most} times";
    }

    private static string Round(double ratio) => ratio.ToString(ratio < 10 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
