using BenchmarkDotNet.Attributes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Benchmarks;

/// <summary>One training step of the 8-ary VAE at batch size 20, on one thread.</summary>
public class VaeStepBenchmark
{
    private VaeTask task = null!;
    private int done;

    [Params("st-gs", "gr", "gr-mc:100")]
    public string Estimator { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => task = new(new VaeSettings { Estimator = EstimatorName.Parse(Estimator) }, MnistData.Embedded(), threads: 1);

    [GlobalCleanup]
    public void CleanUp() => task.Dispose();

    [Benchmark]
    public double Step() => task.Run(done++);
}
