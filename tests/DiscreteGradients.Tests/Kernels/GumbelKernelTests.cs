using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed unsafe class GumbelKernelTests
{
    [Fact]
    public void NoiseIsStandardGumbel()
    {
        // Kolmogorov's statistic exceeds 2.5/√N once in 130,000 choices of the seed.
        const int count = 1_000_000;
        var noise = Perturb(new float[count], 3, 1);
        Array.Sort(noise);
        var distance = noise.Select((x, i) => Math.Abs(Math.Exp(-Math.Exp(-x)) - ((i + 0.5) / count))).Max();
        Assert.InRange(distance, 0, 2.5 / Math.Sqrt(count));
        Assert.InRange(noise[0], -2.9f, -2.4f);
        Assert.InRange(noise[^1], 11f, 16.7f);
    }

    [Fact]
    public void NeighboursAreUncorrelated()
    {
        const int count = 1_000_000;
        var noise = Perturb(new float[count], 4, 1);
        var mean = noise.Average(x => (double)x);
        Assert.InRange((mean - 0.5772156649) * Math.Sqrt(count * 6) / Math.PI, -5, 5);
        foreach (var lag in (int[])[1, 2, 8, 16, 4096])
        {
            var sum = 0.0;
            for (var i = lag; i < count; i++)
            {
                sum += (noise[i] - mean) * (noise[i - lag] - mean);
            }

            Assert.InRange(sum / Math.Sqrt(count) * 6 / (Math.PI * Math.PI), -5, 5);
        }
    }

    [Fact]
    public void AddsToItsInputOnAnyNumberOfThreads()
    {
        foreach (var length in (int[])[0, 1, 15, 16, 17, 4096, 9001])
        {
            var zero = Perturb(new float[length], 5, 1);
            Assert.Equal(zero, Perturb(new float[length], 5, 3));
            Assert.Equal(zero.Select(x => x - 2.5f), Perturb([.. Enumerable.Repeat(-2.5f, length)], 5, 2));
            Assert.Equal(zero.Take(16), Perturb(new float[16], 5, 1).Take(length));
        }
    }

    [Fact]
    public void MaskedStaysMasked() => Assert.All(Perturb([.. Enumerable.Repeat(-1e9f, 100)], 6, 1), x => Assert.Equal(-1e9f, x));

    private static float[] Perturb(float[] logProbs, ulong seed, int threads)
    {
        fixed (float* values = logProbs)
        {
            GumbelKernel.Perturb(values, values, logProbs.Length, seed, threads);
        }

        return logProbs;
    }
}
