using DiscreteGradients.Kernels;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The random numbers that other devices than the CPU use, here computed on the CPU.</summary>
public sealed class NoiseTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 23)]
    [InlineData(ScalarType.Float64, 52)]
    public void EachNumberIsTheUpperBitsOfAWordOfSplitMix64(ScalarType dtype, int bits)
    {
        using var scope = NewDisposeScope();
        foreach (var seed in (ulong[])[0, 5, ulong.MaxValue - 3, 1UL << 63])
        {
            var numbers = Noise.Counted([4, 2, 6], seed, dtype, CPU);
            Assert.Equal([4, 2, 6], numbers.shape);
            Assert.Equal(dtype, numbers.dtype);
            var expected = Enumerable.Range(1, 48).Select(i =>
                ((SplitMix64.Mix(unchecked(seed + (ulong)i * SplitMix64.Increment)) >> (64 - bits)) + 0.5) / Math.Pow(2, bits));
            Assert.Equal([.. expected], numbers.to(ScalarType.Float64).data<double>().ToArray());
        }
    }

    [Fact]
    public void TheyHaveTheLawOfTheCpusOwn()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var own = rand([20_000], dtype: ScalarType.Float64, generator: generator);
        Law.SameDistribution([.. own.data<double>().ToArray()], [.. Noise.Counted([20_000], 9, ScalarType.Float64, CPU).data<double>().ToArray()]);
        var lag = Noise.Counted([200_000], 3, ScalarType.Float64, CPU) - 0.5;
        Assert.InRange((lag[..^1] * lag[1..]).mean().item<double>() * 12 * Math.Sqrt(199_999), -5, 5);      // false alarm 6e-7
    }
}
