using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed class SobolTests
{
    [Fact]
    public void PointsAreThoseOfJoeAndKuo()
    {
        // FNV-1a of the first 1024 points, little-endian words [1024, 64], of another program.
        var hash = 14695981039346656037;
        for (var number = 0u; number < 1024; number++)
        {
            for (var dimension = 0; dimension < SobolSequence.Dimensions; dimension++)
            {
                foreach (var part in BitConverter.GetBytes(SobolSequence.Point(number, dimension)))
                {
                    hash = (hash ^ part) * 1099511628211;
                }
            }
        }

        Assert.Equal(0x6F5481E86A7EC425UL, hash);
    }

    [Fact]
    public void EveryCoordinateIsStratified()
    {
        const int bits = 14;
        for (var dimension = 0; dimension < SobolSequence.Dimensions; dimension++)
        {
            var cells = Enumerable.Range(0, 1 << bits).Select(k => SobolSequence.Point((uint)k, dimension) >> (32 - bits));
            Assert.Equal(1 << bits, cells.Distinct().Count());
        }
    }

    [Fact]
    public void TheFirstTwoCoordinatesAreANet()
    {
        // A (0, 10, 2)-net: every elementary box of volume 2^-10 holds one point.
        for (var first = 0; first <= 10; first++)
        {
            var boxes = Enumerable.Range(0, 1024).Select(k => (
                (ulong)SobolSequence.Point((uint)k, 0) >> (32 - first),
                (ulong)SobolSequence.Point((uint)k, 1) >> (22 + first)));
            Assert.Equal(1024, boxes.Distinct().Count());
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 16)]
    [InlineData(8, 1)]
    [InlineData(8, 16)]
    public void IsUnbiasedAndLessNoisyThanIndependentDraws(int categories, int rows)
    {
        // At most 36 comparisons at 5 standard errors: a false alarm once in 50,000 choices of the seeds.
        const int repeats = 600;
        var sobol = new KernelCase(rows, categories, spread: 1, seed: 4) { Samples = 64, Kind = DrawKind.Sobol };
        var independent = new KernelCase(rows, categories, spread: 1, seed: 4) { Samples = 64 };
        var (mean, variance) = Moments(sobol, repeats);
        var (expected, noise) = Moments(independent, 20 * repeats);
        for (var j = 0; j < categories; j++)
        {
            var error = Math.Sqrt((variance[j] / repeats) + (noise[j] / (20 * repeats)));
            Assert.InRange((mean[j] - expected[j]) / error, -5, 5);
        }

        Assert.InRange(noise.Sum() / variance.Sum(), categories == 2 ? 20 : 4, double.PositiveInfinity);
    }

    [Theory]
    [InlineData(100, 8)]
    [InlineData(64, 65)]
    public void RefusesWhatItCannotDo(int samples, int categories)
    {
        var test = new KernelCase(1, categories, spread: 1, seed: 4) { Samples = samples, Kind = DrawKind.Sobol };
        Assert.Throws<ArgumentException>(() => test.Run());
    }

    // Over seeds, of the first row's gradient.
    private static (double[] Mean, double[] Variance) Moments(KernelCase test, int repeats)
    {
        var (sum, squares) = (new double[test.Categories], new double[test.Categories]);
        for (var seed = 1; seed <= repeats; seed++)
        {
            var output = test.With(problem => test.Run(problem with { Seed = (ulong)seed }, 1));
            for (var j = 0; j < test.Categories; j++)
            {
                sum[j] += output[j];
                squares[j] += (double)output[j] * output[j];
            }
        }

        return ([.. sum.Select(x => x / repeats)], [.. squares.Select((x, j) => (x / repeats) - Math.Pow(sum[j] / repeats, 2))]);
    }
}
