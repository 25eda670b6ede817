using System.Text.Json;
using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Timing;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Benchmarks;

/// <summary>The shape of what the benchmarks give. No test looks at a time.</summary>
public sealed class BenchmarkTests
{
    private const double Shortest = 1e-3;

    [Fact]
    public void KernelGivesARowAWorkloadAndK()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var result = new KernelBenchmark([new(2, 3, 2), new(1, 2, 5)], [1, 7], Shortest, Threads: 1).Run(cancellation: cancellation);
        Assert.Equal(["[2, 3, 2] 1", "[2, 3, 2] 7", "[1, 2, 5] 1", "[1, 2, 5] 7"], result.Rows.Select(row => $"{row.Workload} {row.Samples}"));
        Assert.All(result.Rows, row => Assert.True(row.Fused.Median > 0 && row.Tensor!.Median > 0 && row.Exact!.Median > 0 && row.Ratio!.Low <= row.Ratio.High));
        RoundTrips(result);
    }

    [Fact]
    public void TensorsThatPassTheMemoryLimitAreLeftOut()
    {
        var result = new KernelBenchmark([new(1, 16, 2)], [5_000_000], Shortest, Threads: 1).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Null(result.Rows[0].Tensor);
        Assert.Null(result.Rows[0].Ratio);
        RoundTrips(result);
    }

    [Fact]
    public void VaeComparesWithTheFirstEstimator()
    {
        var benchmark = new VaeBenchmark(Shortest, Threads: 1) { Arities = [4, 2], BatchSize = 2, Estimators = EstimatorName.ParseList("st-gs,reinforce,gr-mc:2") };
        var result = benchmark.Run(MnistData.Embedded(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["st-gs 4", "reinforce 4", "gr-mc:2 4", "st-gs 2", "reinforce 2", "gr-mc:2 2"], result.Rows.Select(row => $"{row.Estimator} {row.Arity}"));
        Assert.Equal(new Quartiles(1, 1, 1), result.Rows[0].Ratio);
        RoundTrips(result);
    }

    [Fact]
    public void IwaeGivesARowAModel()
    {
        var result = new IwaeBenchmark(Shortest, Threads: 1) { Samples = 3 }.Run(MnistData.Embedded(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([VaeArchitecture.Deep, VaeArchitecture.Tanh], result.Rows.Select(row => row.Architecture));
        Assert.All(result.Rows, row => Assert.True(row.SecondsPer100Images.Median > 0));
        RoundTrips(result);
    }

    [Theory]
    [InlineData(1, "1 thread")]
    [InlineData(2, "2 threads")]
    public void ATextHasTheMachineTheThreadsTheTableAndWhatItMeans(int threads, string said)
    {
        var result = new PeerResult(new("A processor", 2, "Linux", ".NET", 256), threads, "0.1", "a peer", [new("a case", new(1, 2, 3))]);
        Assert.Equal($"A processor, 2 cores; Linux; .NET, 256-bit vectors; {said}\n\n{result.Table.Plain()}\n\n{result.Caption}", result.Text);
        Assert.Contains("a case  2.00 (1.00–3.00)", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ACancelledBenchmarkThrows() => Assert.ThrowsAny<OperationCanceledException>(() =>
        new KernelBenchmark(Workload.All, [1000], Seconds: 1000, Threads: 1).Run(cancellation: new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("")]
    [InlineData("1,2")]
    [InlineData("1,2,3,4")]
    [InlineData("1,0,3")]
    [InlineData("a,b,c")]
    public void AWorkloadIsThreeNumbers(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<InputException>(() => Workload.Parse(text)).Message, StringComparison.Ordinal);

    private static void RoundTrips(BenchmarkResult result)
    {
        var line = JsonSerializer.Serialize(result, JsonText.Line);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, JsonSerializer.Serialize(JsonSerializer.Deserialize<BenchmarkResult>(line, JsonText.Line), JsonText.Line));
        Assert.Contains(result.Machine.Processor, result.Text, StringComparison.Ordinal);
    }
}
