using System.Globalization;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times <see cref="GumbelRao"/> against the same algorithm in tensor operations, and
/// <see cref="GumbelRaoExact"/>.</summary>
/// <param name="Threads">The threads of the tensor operations; the kernels have <see cref="FusedKernels.Threads"/>, which should
/// be the same.</param>
internal sealed record KernelBenchmark(IReadOnlyList<Workload> Workloads, IReadOnlyList<int> Samples, double Seconds, int Threads)
{
    /// <summary>Tensor operations that need more bytes are left out.</summary>
    public const long MemoryLimit = 2L << 30;

    private const double Temperature = 0.5;

    // libtorch's workers spin for some milliseconds after an operation, and would take the kernel's cores.
    private static readonly TimeSpan WorkersRest = TimeSpan.FromMilliseconds(50);

    /// <param name="progress">Told the rows done, all rows, and what is measured.</param>
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
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        long[] shape = [workload.Batch, workload.Variables, workload.Categories];
        var logits = randn(shape, generator: generator).requires_grad_();
        var weights = randn(shape, generator: generator);
        var fused = new GumbelRao(samples, Temperature);
        var exact = new GumbelRaoExact(Temperature);
        var tensor = new TensorGumbelRao(samples, Temperature);
        var least = get_num_threads();
        List<Timed> contestants = [new(() => Pass(fused)), new(() => Pass(exact))];
        if (workload.Elements * samples * sizeof(float) * TensorGumbelRao.LiveTensors <= MemoryLimit)
        {
            contestants.Add(new(() => Pass(tensor), () => set_num_threads(Threads), () =>
            {
                set_num_threads(least);
                if (Threads > 1) Thread.Sleep(WorkersRest);
            }));
        }
        var seconds = InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(Seconds), progress, cancellation);
        var tensorSeconds = seconds.Length > 2 ? seconds[2] : null;
        return new(workload, samples, Milliseconds(seconds[0])!, Milliseconds(tensorSeconds),
            tensorSeconds is null ? null : Quartiles.OfRatios(tensorSeconds, seconds[0]), Milliseconds(seconds[1]));

        // A sample, and the backward pass of a linear cost through it.
        void Pass(IGradientEstimator estimator)
        {
            using var inner = NewDisposeScope();
            (estimator.Sample(new OneHotCategorical(logits), generator).Value * weights).sum().backward();
            logits.grad = null;
        }
    }

    private static Quartiles? Milliseconds(double[]? seconds) =>
        seconds is null ? null : Quartiles.Of(seconds.Select(second => second * 1e3));
}

/// <summary>The shape of the logits, [batch, variables, categories].</summary>
internal sealed record Workload(int Batch, int Variables, int Categories)
{
    /// <summary>The paper's VAE at each arity, one large batch, and the parser of ListOps.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(20, 240, 2), new(20, 120, 4), new(20, 80, 8), new(20, 60, 16), new(200, 60, 16), new(50, 1, 49),
    ];

    internal long Elements => (long)Batch * Variables * Categories;

    /// <summary>Parses three numbers separated by commas.</summary>
    /// <exception cref="InputException">They are not three numbers of at least 1.</exception>
    public static Workload Parse(string text) =>
        text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : 0).ToArray() is [> 0 and var batch, > 0 and var variables, > 0 and var categories]
            ? new(batch, variables, categories)
            : throw new InputException(
                $"workload '{text}' is not BATCH,VARIABLES,CATEGORIES; expected three whole numbers of at least 1, such as 20,80,8.");

    public override string ToString() => $"[{Batch}, {Variables}, {Categories}]";
}

/// <summary>The fused kernel beside the same algorithm in tensor operations.</summary>
internal sealed record KernelResult(Machine Machine, int Threads, string Version, double Temperature,
    IReadOnlyList<KernelRow> Rows)
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

/// <summary>One workload with one K: milliseconds a pass.</summary>
/// <param name="Tensor">Null where the memory would pass the limit, as is the ratio.</param>
/// <param name="Ratio">Tensor over fused, round by round.</param>
/// <param name="Exact">Without draws, K = ∞; null in records of before.</param>
internal sealed record KernelRow(Workload Workload, int Samples, Quartiles Fused, Quartiles? Tensor, Quartiles? Ratio,
    Quartiles? Exact = null)
{
    /// <summary>The time of the fused kernel for each of K × rows × n.</summary>
    public double NanosecondsAnElement => Fused.Median * 1e6 / (Workload.Elements * (double)Samples);
}
