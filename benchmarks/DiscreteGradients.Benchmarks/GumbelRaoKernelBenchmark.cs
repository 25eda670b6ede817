using BenchmarkDotNet.Attributes;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Benchmarks;

/// <summary>The fused backward pass of 1200 rows on one thread.</summary>
public class GumbelRaoKernelBenchmark
{
    private KernelProblem problem = null!;

    [Params(2, 4, 8, 16, 49)]
    public int Categories { get; set; }

    [Params(10, 100, 1000)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void SetUp() => problem = new(Categories, Samples);

    [GlobalCleanup]
    public void CleanUp() => problem.Dispose();

    [Benchmark]
    public void Fused() => GumbelRaoKernel.JacobianProduct(problem.Problem, NoiseKind.Independent, threads: 1);
}
