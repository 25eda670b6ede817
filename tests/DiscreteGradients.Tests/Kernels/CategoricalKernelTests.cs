using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed unsafe class CategoricalKernelTests
{
    private const float Masked = -1e9f;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(49)]
    public void FrequenciesAreProbabilities(int categories)
    {
        // 78 comparisons at 5 standard errors: a false alarm once in 22,000 choices of the seed.
        const int rows = 200_000;
        var logProbs = LogProbs(categories);
        var (_, indices) = Draw([.. Enumerable.Repeat(logProbs, rows).SelectMany(x => x)], categories, 1, 2);
        for (var j = 0; j < categories; j++)
        {
            double p = MathF.Exp(logProbs[j]);
            Assert.InRange((indices.Count(i => i == j) - (rows * p)) / Math.Sqrt((rows * p * (1 - p)) + 1e-30), -5, 5);
        }
    }

    [Fact]
    public void ValueIsTheOneHotIndexOnAnyNumberOfThreads()
    {
        foreach (var rows in (int[])[0, 1, 15, 16, 17, 333])
        {
            float[] logProbs = [.. Enumerable.Repeat(LogProbs(5), rows).SelectMany(x => x)];
            var (value, indices) = Draw(logProbs, 5, 2, 1);
            Assert.Equal(Enumerable.Range(0, rows * 5).Select(i => indices[i / 5] == i % 5 ? 1f : 0), value);
            var split = Draw(logProbs, 5, 2, 4);
            Assert.Equal(value, split.Value);
            Assert.Equal(indices, split.Indices);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(300)]
    public void MaskedCategoriesAreNeverDrawn(int categories)
    {
        // Log-probabilities whose sum of floats is not 1: rounding must not reach the masked ends.
        const int rows = 3000;
        var open = Enumerable.Range(0, categories).Where(j => j % 3 == 1).ToArray();
        foreach (var total in (float[])[0, -1e-3f, 1e-3f])
        {
            var row = Enumerable.Repeat(Masked, categories).ToArray();
            Array.ForEach(open, j => row[j] = total - MathF.Log(open.Length));
            var logProbs = Enumerable.Repeat(row, rows).SelectMany(x => x).ToArray();
            logProbs.AsSpan(categories * 7, categories).Fill(Masked);
            logProbs.AsSpan(categories * 8, categories).Fill(float.NegativeInfinity);
            var (value, indices) = Draw(logProbs, categories, 3, 1);
            Assert.Equal((-1L, -1L), (indices[7], indices[8]));
            Assert.All(value.AsSpan(categories * 7, categories * 2).ToArray(), x => Assert.Equal(0, x));
            Assert.Equal([7, 8], Enumerable.Range(0, rows).Where(r => Array.IndexOf(open, (int)indices[r]) < 0));
        }
    }

    [Fact]
    public void AllocatesNothingOnOneThread()
    {
        var (logProbs, value) = (new float[64], new float[64]);
        fixed (float* source = logProbs, target = value)
        {
            CategoricalKernel.Draw(source, target, 16, 4, 1, 1);
            GumbelKernel.Perturb(source, target, 64, 1, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            CategoricalKernel.Draw(source, target, 16, 4, 1, 1);
            GumbelKernel.Perturb(source, target, 64, 1, 1);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    internal static float[] LogProbs(int categories)
    {
        var weights = Enumerable.Range(0, categories).Select(j => 1 + (j * 7 % 5)).ToArray();
        return [.. weights.Select(w => MathF.Log((float)w / weights.Sum()))];
    }

    private static (float[] Value, long[] Indices) Draw(float[] logProbs, int categories, ulong seed, int threads)
    {
        var rows = logProbs.Length / categories;
        var (value, indices) = (new float[logProbs.Length], new long[rows]);
        Array.Fill(value, float.NaN);
        fixed (float* source = logProbs, target = value)
        {
            CategoricalKernel.Draw(source, target, rows, categories, seed, threads);
        }

        for (var row = 0; row < rows; row++) indices[row] = value.AsSpan(row * categories, categories).IndexOf(1);
        return (value, indices);
    }
}
