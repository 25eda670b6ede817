using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed unsafe class CategoricalTableTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(16, 4)]
    [InlineData(10, 8)]
    [InlineData(20, 16)]
    [InlineData(5, 60)]
    public void EachVariableHasItsProbabilities(int variables, int categories)
    {
        // 755 comparisons at 5.2 standard errors: a false alarm once in 6,600 choices of the seed.
        const int samples = 100_000;
        var rows = Enumerable.Range(0, variables).Select(v => Rotated(categories, v)).ToArray();
        var drawn = Draw(new CategoricalTable([.. rows.SelectMany(x => x)], categories), variables, samples, 2);
        for (var v = 0; v < variables; v++)
        {
            var counts = new int[categories];
            for (var s = 0; s < samples; s++)
            {
                counts[drawn[(s * variables) + v]]++;
            }

            for (var j = 0; j < categories; j++)
            {
                double p = MathF.Exp(rows[v][j]);
                Assert.InRange((counts[j] - (samples * p)) / Math.Sqrt(samples * p * (1 - p)), -5.2, 5.2);
            }
        }
    }

    [Fact]
    public void MaskedCategoriesAreNeverDrawn()
    {
        // Millions of draws a pattern, so that uniform variates come within 1e-7 of both ends.
        foreach (var open in (int[])[0b0110, 0b0100, 0b1000, 0b0001, 0b1010])
        {
            var logProbs = Enumerable.Range(0, 4).Select(j => ((open >> j) & 1) == 1 ? -0.1f * j : -1e9f).ToArray();
            var drawn = Draw(new CategoricalTable(logProbs, 4), 1, 10_000_000, 3);
            Assert.Equal(-1, drawn.AsSpan().IndexOfAnyExcept([.. Enumerable.Range(0, 4).Where(j => ((open >> j) & 1) == 1).Select(j => (byte)j)]));
        }
    }

    // 35 draws: two vectors and a rest.
    [Fact]
    public void CategoriesAreCountedUpToTwoHundredAndFiftySix()
    {
        foreach (var open in (int[])[0, 127, 128, 200, 255])
        {
            var logProbs = Enumerable.Range(0, 256).Select(j => j == open ? 0f : -1e9f).ToArray();
            Assert.All(Draw(new CategoricalTable(logProbs, 256), 1, 35, 1), drawn => Assert.Equal(open, drawn));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalTable(new float[257], 257));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalTable([], 0));
    }

    [Fact]
    public void AVariableWithoutOpenCategoryIsAnError() =>
        Assert.Throws<ArgumentException>(() => new CategoricalTable([0, 0, -1e9f, -1e9f], 2));

    [Fact]
    public void DependsOnNoThreads()
    {
        var table = new CategoricalTable([.. Enumerable.Range(0, 7).SelectMany(v => Rotated(5, v))], 5);
        foreach (var samples in (int[])[0, 1, 2, 5000])
        {
            Assert.Equal(Draw(table, 7, samples, 1), Draw(table, 7, samples, 5));
        }
    }

    private static float[] Rotated(int categories, int by)
    {
        var logProbs = CategoricalKernelTests.LogProbs(categories);
        return [.. logProbs.Skip(by % categories), .. logProbs.Take(by % categories)];
    }

    private static byte[] Draw(CategoricalTable table, int variables, int samples, int threads)
    {
        var indices = new byte[samples * variables];
        fixed (byte* target = indices)
        {
            table.Draw(target, samples, 17, threads);
        }

        return indices;
    }
}
