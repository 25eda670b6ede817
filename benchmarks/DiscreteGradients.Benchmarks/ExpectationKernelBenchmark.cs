using BenchmarkDotNet.Attributes;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Benchmarks;

/// <summary>The conditional expectation itself: the backward pass of 1200 rows, and the making of a temperature's table.</summary>
public class ExpectationKernelBenchmark
{
    private KernelProblem problem = null!;
    private ExpectationTable table = null!;

    [Params(2, 8, 16)]
    public int Categories { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        problem = new(Categories, samples: 1);
        table = Make();
    }

    [GlobalCleanup]
    public void CleanUp() => problem.Dispose();

    [Benchmark]
    public void JacobianProduct() => ExpectationKernel.JacobianProduct(problem.Problem, table, threads: 1);

    [Benchmark]
    public object Table() => Make();

    private ExpectationTable Make() => new(ConditionalQuadrature.Single(KernelProblem.Temperature, Categories));
}
