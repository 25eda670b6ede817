using BenchmarkDotNet.Attributes;
using DiscreteGradients.Kernels;

namespace DiscreteGradients.Benchmarks;

/// <summary>Random numbers for 1200 rows: Gumbel noise and one draw a row; and the bulk draws of the bound, 256 of each.</summary>
public unsafe class DrawingBenchmark
{
    private const int Rows = 1200, BulkSamples = 256;
    private FloatBuffer logProbs = null!, result = null!;
    private CategoricalTable table = null!;
    private byte[] codes = [];
    private ulong seed;

    [Params(2, 8, 16)]
    public int Categories { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        (logProbs, result) = (new(Rows * Categories), new(Rows * Categories));
        logProbs.Span.Fill(MathF.Log(1f / Categories));
        table = new(logProbs.Span, Categories);
        codes = new byte[Rows * BulkSamples];
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        logProbs.Dispose();
        result.Dispose();
    }

    [Benchmark]
    public void Gumbel() => GumbelKernel.Perturb(logProbs.Pointer, result.Pointer, result.Values, ++seed, threads: 1);

    [Benchmark]
    public void Categorical() => CategoricalKernel.Draw(logProbs.Pointer, result.Pointer, Rows, Categories, ++seed, threads: 1);

    [Benchmark]
    public void BulkCategorical()
    {
        fixed (byte* target = codes) table.Draw(target, BulkSamples, ++seed, threads: 1);
    }
}
