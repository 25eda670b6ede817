using DiscreteGradients.Torch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

public sealed class FusedKernelsTests
{
    [Fact]
    public void TheGradientHasTheSameBitsOnAnyNumberOfThreads()
    {
        var before = FusedKernels.Threads;
        try
        {
            foreach (RelaxedEstimator estimator in (RelaxedEstimator[])[new GumbelRao(20, 0.5), new GumbelRaoExact(0.5)])
                Assert.Equal(Gradient(estimator, 1), Gradient(estimator, 3));
        }
        finally
        {
            FusedKernels.Threads = before;
        }

        static float[] Gradient(RelaxedEstimator estimator, int threads)
        {
            FusedKernels.Threads = threads;
            using var scope = NewDisposeScope();
            using var generator = new Generator(4);
            var logits = randn(500, 7, generator: generator).requires_grad_();
            var weights = randn(500, 7, generator: generator);
            (logits.SampleOneHot(estimator, generator) * weights).sum().backward();
            return [.. logits.grad!.data<float>()];
        }
    }

    [Fact]
    public void TheKernelsTakeEveryProcessorUnlessToldOtherwise() =>
        Assert.Equal(Environment.ProcessorCount, FusedKernels.Threads);

    // Of stride 0: nothing of that size is there.
    [Theory]
    [InlineData(536_870_911, true)]
    [InlineData(536_870_912, false)]
    public void TensorsOfTwoGibibytesAndMoreAreNotServed(long elements, bool served)
    {
        using var one = zeros(1);
        using var expanded = one.expand(elements);
        Assert.Equal(served, CpuKernels.Serve(expanded));
    }

    // Those of 2 GiB and more are of either dtype.
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void LogitsThatNoKernelServesAreBoundedByTheirLargestNumber(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { 1.0, -3, 2 }).to(dtype);
        Assert.True(CpuKernels.BoundedByTensors(numbers, 3));
        Assert.False(CpuKernels.BoundedByTensors(numbers, 2.9));
        Assert.False(CpuKernels.BoundedByTensors(numbers / 0.0, 3));
        Assert.False(CpuKernels.BoundedByTensors(numbers * double.NaN, 3));
        Assert.True(CpuKernels.BoundedByTensors(zeros(0, 4, dtype: dtype), 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void ANumberOfThreadsBelowOneIsRefused(int threads) => Assert.Contains($"threads is {threads}",
        Assert.Throws<ArgumentOutOfRangeException>(() => FusedKernels.Threads = threads).Message, StringComparison.Ordinal);
}
