using System.Globalization;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times <see cref="GumbelRao"/> against the same algorithm in tensor operations, and <see cref="GumbelRaoExact"/>.</summary>
/// <param name="Workloads">Shapes.</param>
/// <param name="Samples">The K of each.</param>
/// <param name="Seconds">A row.</param>
/// <param name="Threads">Of each contestant.</param>
internal sealed record KernelBenchmark(IReadOnlyList<Workload> Workloads, IReadOnlyList<int> Samples, double Seconds, int Threads)
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
        List<Timed> contestants = [new("fused", () => pass.Run(fused)), new("gr", () => pass.Run(exact))];
        if (workload.Elements * samples * sizeof(float) * TensorGumbelRao.LiveTensors <= MemoryLimit)
        {
            contestants.Add(new("tensor", () => pass.Run(tensor), () => torch.set_num_threads(Threads), () =>
            {
                torch.set_num_threads(least);
                if (Threads > 1) Thread.Sleep(WorkersRest);
            }));
        }
        var seconds = InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(Seconds), progress, cancellation);
        var tensorSeconds = seconds.Length > 2 ? seconds[2] : null;
        return new(workload, samples, Milliseconds(seconds[0])!, Milliseconds(tensorSeconds),
            tensorSeconds is null ? null : Quartiles.OfRatios(tensorSeconds, seconds[0]), Milliseconds(seconds[1]));
    }

    private static Quartiles? Milliseconds(double[]? seconds) =>
        seconds is null ? null : Quartiles.Of(seconds.Select(second => second * 1e3));
}

/// <summary>The shape of the logits, [batch, variables, categories].</summary>
/// <param name="Batch">Examples.</param>
/// <param name="Variables">Of each example.</param>
/// <param name="Categories">n, of each variable.</param>
internal sealed record Workload(int Batch, int Variables, int Categories)
{
    /// <summary>The paper's VAE at each arity, one large batch, and the parser of ListOps.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(20, 240, 2), new(20, 120, 4), new(20, 80, 8), new(20, 60, 16), new(200, 60, 16), new(50, 1, 49),
    ];

    /// <summary>Batch × variables × categories.</summary>
    internal long Elements => (long)Batch * Variables * Categories;

    /// <summary>Parses three numbers separated by commas.</summary>
    /// <exception cref="InputException">They are not three numbers of at least 1.</exception>
    public static Workload Parse(string text)
    {
        var parts = text.Split(',');
        var numbers = new int[3];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (parts.Length != numbers.Length || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < 1)
                throw new InputException($"workload '{text}' is not BATCH,VARIABLES,CATEGORIES; expected three whole numbers of at least 1, such as 20,80,8.");
        }
        return new(numbers[0], numbers[1], numbers[2]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Batch}, {Variables}, {Categories}]";
}

/// <summary>What is timed of an estimator: a sample, and the backward pass of a linear cost through it.</summary>
internal sealed class KernelPass : IDisposable
{
    private readonly Generator generator = new(1);
    private readonly Tensor logits, weights;

    /// <summary>Standard normal logits, float32, the same every time.</summary>
    public KernelPass(Workload workload)
    {
        long[] shape = [workload.Batch, workload.Variables, workload.Categories];
        logits = randn(shape, generator: generator).requires_grad_();
        weights = randn(shape, generator: generator);
    }

    /// <summary>One pass of an estimator.</summary>
    public void Run(IGradientEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var node = estimator.Sample(new OneHotCategorical(logits), generator);
        (node.Value * weights).sum().backward();
        logits.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        logits.Dispose();
        weights.Dispose();
        generator.Dispose();
    }
}

/// <summary>The fused kernel beside the same algorithm in tensor operations.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Threads">Of the kernel, and of libtorch while it is timed.</param>
/// <param name="Version">The version of the program, with the commit.</param>
/// <param name="Temperature">τ.</param>
/// <param name="Rows">One a workload and K.</param>
internal sealed record KernelResult(Machine Machine, int Threads, string Version, double Temperature, IReadOnlyList<KernelRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "GR-MCK: sample and backward pass";

    internal override string Caption => Invariant(
        $"Milliseconds for one sample and one backward pass in float32, temperature {Temperature}: medians, with the middle half of the rounds in brackets. ")
        + "Fused: GumbelRao. gr: GumbelRaoExact, K = ∞, timed in turn with it. Tensor: the same algorithm in TorchSharp operations on [K, batch, variables, n], timed in turn with it; "
        + $"'-' where those tensors would take more than {KernelBenchmark.MemoryLimit >> 30} GiB. Ratio: tensor over fused, in the same round. ns: nanoseconds an element of K × batch × variables × n, fused.";

    internal override Table Table => Table.Of(
        Rows,
        new("[batch, variables, n]", row => row.Workload),
        new("K", row => row.Samples),
        new("fused, ms", row => Quartiles.Number(row.Fused.Median)),
        new("gr, ms", row => Quartiles.Number(row.Exact?.Median)),
        new("tensor, ms", row => Quartiles.Number(row.Tensor?.Median)),
        new("ratio", row => Quartiles.Text(row.Ratio)),
        new("ns", row => Quartiles.Number(row.NanosecondsAnElement)));
}

/// <summary>One workload with one K.</summary>
/// <param name="Workload">The shape of the logits.</param>
/// <param name="Samples">K.</param>
/// <param name="Fused">Milliseconds a pass with the fused kernel.</param>
/// <param name="Tensor">The same with tensor operations; null where their memory would pass the limit.</param>
/// <param name="Ratio">Tensor over fused, round by round; null as well.</param>
/// <param name="Exact">Milliseconds a pass without draws, K = ∞; null in records of before.</param>
internal sealed record KernelRow(Workload Workload, int Samples, Quartiles Fused, Quartiles? Tensor, Quartiles? Ratio, Quartiles? Exact = null)
{
    /// <summary>Of the fused kernel, of each of K × rows × n.</summary>
    public double NanosecondsAnElement => Fused.Median * 1e6 / (Workload.Elements * (double)Samples);
}
