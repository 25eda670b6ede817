using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Tests.Benchmarks;

public sealed class PerformanceDocumentTests
{
    private const string Where = """
        "machine":{"processor":"A processor","cores":2,"system":"Linux, X64","runtime":".NET 10","vector-bits":256},"threads":1,"version":"0.1.0"
        """;

    private const string Kernel = $$$"""
        {"benchmark":"kernel","temperature":0.5,"rows":[{"workload":{"batch":20,"variables":80,"categories":8},"samples":100,"fused":{"low":0.9,"median":1.28,"high":2},"tensor":{"low":40,"median":51.2,"high":60},"ratio":{"low":38,"median":40.25,"high":41},"nanoseconds-an-element":1},{"workload":{"batch":200,"variables":60,"categories":16},"samples":1000,"fused":{"low":99,"median":192,"high":200}}],{{{Where}}}}
        """;

    private const string Vae = $$$"""
        {"benchmark":"vae","batch-size":20,"rows":[{"arity":8,"estimator":"st-gs","milliseconds":{"low":1,"median":2,"high":3},"ratio":{"low":1,"median":1,"high":1}}],{{{Where}}}}
        """;

    private const string Iwae = $$$"""
        {"benchmark":"iwae","samples":5000,"rows":[{"architecture":"tanh","arity":8,"seconds-per100-images":{"low":1,"median":2.5,"high":3}}],{{{Where}}}}
        """;

    private const string Peer = """
        {"benchmark":"peer","name":"GR-MCK in PyTorch operations","rows":[{"case":"[20, 80, 8], K = 10","milliseconds":{"low":1,"median":4.5,"high":6}}],"machine":{"processor":"A processor","cores":2,"system":"Linux, x86_64","runtime":"Python 3.11.2"},"threads":2,"version":"PyTorch 1.13.0, OpenBLAS"}
        """;

    [Fact]
    public void EachResultIsASection()
    {
        using var folder = new TemporaryFolder();
        var (ours, theirs) = (folder.Write("ours.json", $"{Kernel}\n{Vae}\n{Iwae}\n"), folder.Write("theirs.json", Peer));
        var text = PerformanceDocument.Markdown(PerformanceDocument.Read([ours, theirs]), Wording.Dgrad);
        Assert.Contains("## GR-MCK: sample and backward pass, one thread\n", text, StringComparison.Ordinal);
        Assert.Contains("| [20, 80, 8] | 100 | 1.28 | - | 51.2 | 40.2 (38.0–41.0) | 1.00 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| [200, 60, 16] | 1000 | 192 | - | - | - | 1.00 |\n", text, StringComparison.Ordinal);
        Assert.Contains("| st-gs | 8 | 500 | 2.00 | 1.00 (1.00–1.00) |\n", text, StringComparison.Ordinal);
        Assert.Contains("| tanh | 8 | 2.50 (1.00–3.00) |\n", text, StringComparison.Ordinal);
        Assert.Contains("## GR-MCK in PyTorch operations, 2 threads\n", text, StringComparison.Ordinal);
        Assert.Contains("Machine: A processor, 2 cores; Linux, X64; .NET 10, 256-bit vectors. Version: 0.1.0.\n", text, StringComparison.Ordinal);
        Assert.Contains("Machine: A processor, 2 cores; Linux, x86_64; Python 3.11.2. Version: PyTorch 1.13.0, OpenBLAS.\n", text, StringComparison.Ordinal);
        Assert.Contains("\n## How the kernel works\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHeadlineIsComputed()
    {
        using var folder = new TemporaryFolder();
        var peer = Peer.Replace("K = 10\"", "K = 100\"", StringComparison.Ordinal)
            .Replace("\"threads\":2", "\"threads\":1", StringComparison.Ordinal);
        var text = PerformanceDocument.Markdown(PerformanceDocument.Read([folder.Write("all.json", $"{Kernel}\n{Vae}\n{peer}\n")]), Wording.Dgrad);
        Assert.StartsWith("""
            # Performance

            - A sample and backward pass of GR-MC100 is 40 times faster than by tensor operations of TorchSharp.
            - It is 3.5 times faster than GR-MCK in PyTorch operations.
            - A training step of the VAE (n = 8, batch size 20) takes 2.00 ms with st-gs.

            """, text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n- ", PerformanceDocument.Markdown(PerformanceDocument.Read([folder.Write("iwae.json", Iwae)]), Wording.Dgrad), StringComparison.Ordinal);
    }

    [Fact]
    public void TheHeadlineSpansTheWorkloads_AndIsOfTheTrainingWithFewestThreadsAndSmallestBatch()
    {
        var machine = new Machine("A processor", 2, "Linux", ".NET", 256);
        var kernel = new KernelResult(machine, 1, "0.1", 0.5, [Row(20, 100, 2, 90, 6), Row(20, 1000, 20, 2, 1), Row(200, 100, 4, 22, 2)]);
        var peer = new PeerResult(machine, 1, "0.1", "a peer",
            [new("[200, 80, 8], K = 100", At(48)), new("[20, 80, 8], K = 100", At(14)), new("[20, 80, 8], K = 1000", At(1))]);
        Assert.Equal(
        [
            "A sample and backward pass of GR-MC100 is 5.5 to 45 times faster than by tensor operations of TorchSharp.",
            "It is 7.0 to 12 times faster than a peer.",
            "GumbelRaoExact, which is K = ∞, takes 0.5 to 3.0 times the time of GR-MC100.",
            "A training step of the VAE (n = 8, batch size 20) takes 2.00 ms with st-gs, 3.00 ms with gr.",
        ],
        PerformanceHeadline.Of(
        [
            new VaeResult(machine, 2, "0.1", 5, [Step(8, "st-gs", 50)]),
            new VaeResult(machine, 1, "0.1", 200, [Step(8, "st-gs", 30)]),
            kernel,
            peer,
            new VaeResult(machine, 1, "0.1", 20, [Step(8, "st-gs", 2), Step(8, "gr", 3), Step(2, "st-gs", 1)]),
        ]));

        static Quartiles At(double median) => new(median / 3, median, 2 * median);
        static KernelRow Row(int batch, int samples, double fused, double tensor, double exact) =>
            new(new(batch, 80, 8), samples, At(fused), At(tensor), At(tensor / fused), At(exact));
        static VaeRow Step(int arity, string estimator, double milliseconds) =>
            new(arity, EstimatorName.Parse(estimator), At(milliseconds), At(1));
    }

    /// <summary>The times of two machines, or of two numbers of threads, say nothing of two programs.</summary>
    [Fact]
    public void AnotherProgramIsComparedOnItsMachineWithItsThreads()
    {
        var here = new Machine("A processor", 2, "Linux, X64", ".NET", 256);
        var there = here with { Processor = "Another" };
        Assert.Equal(
        [
            "It is 6.0 times faster than two threads here.",
            "It is 3.0 times faster than one thread here.",
            "It is 2.0 times faster than one thread there.",
        ],
        PerformanceHeadline.Of(
        [
            Ours(here, 1, 10), Ours(here, 2, 5), Ours(there, 1, 15),
            Theirs(here with { System = "Linux, x86_64", Runtime = "Python", VectorBits = null }, 2, "two threads here"),
            Theirs(here, 1, "one thread here"), Theirs(there, 1, "one thread there"),
            Theirs(there, 2, "two threads there"), Theirs(here with { Cores = 4 }, 1, "more cores"),
        ]));

        static Quartiles At(double median) => new(median / 3, median, 2 * median);
        static KernelResult Ours(Machine machine, int threads, double fused) =>
            new(machine, threads, "0.1", 0.5, [new(new(20, 80, 8), 100, At(fused), null, null, null)]);
        static PeerResult Theirs(Machine machine, int threads, string name) =>
            new(machine, threads, "0.1", name, [new("[20, 80, 8], K = 100", At(30))]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("""{"benchmark":"unknown"}""")]
    [InlineData("""{"rows":[]}""")]
    public void AnythingElseIsBadInput(string content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.json", content);
        Assert.Contains(path, Assert.Throws<InputException>(() => PerformanceDocument.Read([path])).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => PerformanceDocument.Read([path + ".missing"]));
    }
}
