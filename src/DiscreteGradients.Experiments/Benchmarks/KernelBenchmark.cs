using DiscreteGradients.Experiments.Runs;
using TorchSharp;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times <see cref="GumbelRao"/> against the same algorithm in tensor operations, and <see cref="GumbelRaoExact"/>.</summary>
/// <param name="Workloads">Shapes.</param>
/// <param name="Samples">The K of each.</param>
/// <param name="Seconds">A row.</param>
/// <param name="Threads">Of each contestant.</param>
public sealed record KernelBenchmark(IReadOnlyList<Workload> Workloads, IReadOnlyList<int> Samples, double Seconds, int Threads)
{
    /// <summary>Bytes; tensor operations that need more are left out.</summary>
    public const long MemoryLimit = 2L << 30;

    private const double Temperature = 0.5;

    // libtorch's workers spin for some milliseconds after an operation, and would take the kernel's cores.
    private static readonly TimeSpan WorkersRest = TimeSpan.FromMilliseconds(50);

    /// <summary>Measures.</summary>
    /// <param name="progress">Told the rows done, all rows, and what is measured.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public KernelResult Run(Action<double, double, string>? progress = null, CancellationToken cancellation = default)
    {
        var cases = Workloads.SelectMany(workload => Samples.Select(samples => (Workload: workload, Samples: samples))).ToList();
        var rows = new List<KernelRow>();
        foreach (var (workload, samples) in cases)
        {
            rows.Add(Row(workload, samples, part =>
                progress?.Invoke(rows.Count + part, cases.Count, Invariant($"{workload}, K = {samples}")), cancellation));
        }
        return new(Machine.Here(), Threads, ProgramVersion.Text, Temperature, rows);
    }

    private KernelRow Row(Workload workload, int samples, Action<double> progress, CancellationToken cancellation)
    {
        using var pass = new KernelPass(workload);
        var fused = new GumbelRao(samples, Temperature) { Threads = Threads };
        var exact = new GumbelRaoExact(Temperature) { Threads = Threads };
        var tensor = new TensorGumbelRao(samples, Temperature);
        var least = torch.get_num_threads();
        List<Contestant> contestants = [new("fused", () => pass.Run(fused)), new("gr", () => pass.Run(exact))];
        if (workload.Elements * samples * sizeof(float) * TensorGumbelRao.LiveTensors <= MemoryLimit)
        {
            contestants.Add(new("tensor", () => pass.Run(tensor), () => torch.set_num_threads(Threads), () =>
            {
                torch.set_num_threads(least);
                if (Threads > 1) Thread.Sleep(WorkersRest);
            }));
        }
        var seconds = Alternation.Seconds(contestants, TimeSpan.FromSeconds(Seconds), progress, cancellation);
        var tensorSeconds = seconds.Length > 2 ? seconds[2] : null;
        return new(workload, samples, Milliseconds(seconds[0])!, Milliseconds(tensorSeconds),
            tensorSeconds is null ? null : Quartiles.OfRatios(tensorSeconds, seconds[0]), Milliseconds(seconds[1]));
    }

    private static Quartiles? Milliseconds(double[]? seconds) =>
        seconds is null ? null : Quartiles.Of(seconds.Select(second => second * 1e3));
}
