using BenchmarkDotNet.Attributes;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Benchmarks;

/// <summary>The exact expectation for n = 2: the look-up of 1200 rows, and the making of its table.</summary>
public class GumbelRaoBinaryBenchmark
{
    private KernelProblem problem = null!;
    private BinaryTable table = null!;

    [GlobalSetup]
    public void SetUp()
    {
        problem = new(categories: 2, samples: 1);
        table = new(KernelProblem.Temperature);
    }

    [GlobalCleanup]
    public void CleanUp() => problem.Dispose();

    [Benchmark]
    public void LookUp() => GumbelRaoBinary.JacobianProduct(problem.Problem, table, threads: 1);

    [Benchmark]
    public object Table() => new BinaryTable(KernelProblem.Temperature);
}
