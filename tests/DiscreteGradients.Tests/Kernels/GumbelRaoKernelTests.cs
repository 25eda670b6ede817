using DiscreteGradients.Kernels;

namespace DiscreteGradients.Tests.Kernels;

public sealed class GumbelRaoKernelTests
{
    // Rows and categories that take each layout, with and without a ragged end.
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 2 }, { 5, 2 }, { 40, 2 }, { 64, 2 }, { 1, 8 }, { 11, 8 }, { 12, 8 }, { 33, 3 }, { 48, 16 }, { 17, 32 },
        { 20, 33 }, { 3, 100 },
    };

    // The last is a NoiseKind, as a number: the type is internal.
    public static TheoryData<int, int, int> ShapesAndDraws =>
        [.. from shape in Shapes
            from kind in Enum.GetValues<NoiseKind>()
            select (shape.Data.Item1, shape.Data.Item2, (int)kind)];

    [Theory]
    [MemberData(nameof(ShapesAndDraws))]
    public void AgreesWithFloat64OnTheSameNoise(int rows, int categories, int kind)
    {
        foreach (var samples in (int[])[1, 7, 16, 33])
        {
            foreach (var temperature in (float[])[0.1f, 0.3f, 0.5f, 1, 10])
            {
                var test = new KernelCase(rows, categories, spread: 3, seed: categories) { Samples = samples, Temperature = temperature, Kind = (NoiseKind)kind };
                AssertClose(test, 2e-6 + (6e-6 / temperature));
            }
        }
    }

    // That the kernel has this noise, the test above tells.
    [Theory]
    [MemberData(nameof(Shapes))]
    public void AntitheticDrawsStandInPairs_HoweverFew(int rows, int categories)
    {
        foreach (var samples in (int[])[2, 3, 16, 17, 40])
        {
            var test = new KernelCase(rows, categories, spread: 3, seed: 5) { Samples = samples, Kind = NoiseKind.Antithetic };
            var noise = test.Exponentials();
            // Of two categories by rows the variates are uniform themselves.
            double[] uniforms = GumbelRaoKernel.IsClosedForm(rows, categories) ? noise : [.. noise.Select(e => Math.Exp(-e))];
            var draw = rows * categories;
            for (var k = 0; k + 1 < samples; k += 2)
            {
                for (var i = k * draw; i < (k + 1) * draw; i++) Assert.Equal(1, uniforms[i] + uniforms[i + draw], 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndDraws))]
    public void SumsToZeroAndDependsOnNoThreads(int rows, int categories, int kind)
    {
        var test = new KernelCase(rows, categories, spread: 2, seed: 3) { Samples = 21, Kind = (NoiseKind)kind };
        var output = test.Run();
        for (var row = 0; row < rows; row++)
        {
            Assert.InRange(output.AsSpan(row * categories, categories).ToArray().Sum(x => (double)x), -1e-6, 1e-6);
        }

        Assert.Equal(output, test.Run(threads: 2));
        Assert.Equal(output, test.Run(threads: 7));
    }

    [Theory]
    [InlineData(4, 0.5f)]
    [InlineData(40, 0.1f)]
    [InlineData(40, 0.3f)]
    [InlineData(40, 1f)]
    public void HasTheLawOfRejectionSampling(int rows, float temperature)
    {
        // 3 · 12 comparisons at 5 standard errors: a false alarm once in 50,000 choices of the seeds.
        const int reference = 200_000;
        foreach (var n in (int[])[2, 3, 7])
        {
            var test = new KernelCase(rows, n, spread: 1.5, seed: 5) { Samples = 400_000, Temperature = temperature };
            var output = test.Run(threads: 2);
            var (mean, variance) = RejectionOracle.Moments(test, reference, new Random(11));
            for (var j = 0; j < n; j++)
            {
                var error = Math.Sqrt(variance[j] * ((1.0 / reference) + (1.0 / test.Samples)));
                Assert.InRange((output[j] - mean[j]) / error, -5, 5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndDraws))]
    public void MaskedCategoriesWeighNothing(int rows, int categories, int kind)
    {
        var test = new KernelCase(rows, categories, spread: 1, seed: 9) { Samples = 20, Kind = (NoiseKind)kind };
        for (var row = 0; row < rows; row++)
        {
            // One row keeps only what was drawn, the next loses its ends, the third everything.
            var drawn = row % categories;
            var masked = Enumerable.Range(0, categories)
                .Select(j => j != drawn && (row % 3 != 1 || j == 0 || j == categories - 1)).ToArray();
            test.SetRow(row, [.. masked.Select((m, j) => m || row % 3 == 2 ? double.NegativeInfinity : j * 0.1)], row % 3 == 2 ? -1 : drawn);
            for (var j = 0; j < categories; j++)
            {
                if (row % 3 == 2 || masked[j])
                {
                    test.Gradient[(row * categories) + j] = j % 2 == 0 ? float.NaN : float.PositiveInfinity;
                }
            }
        }

        var output = test.Run();
        var expected = test.Reference();
        for (var i = 0; i < output.Length; i++)
        {
            Assert.InRange(output[i], expected[i] - 1e-5, expected[i] + 1e-5);
            if (test.LogProbs[i] < -1e8f)
            {
                Assert.Equal(0, output[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndDraws))]
    public void StaysFiniteAtTheExtremes(int rows, int categories, int kind)
    {
        foreach (var temperature in (float[])[0.01f, 0.013f, 10])
        {
            var test = new KernelCase(rows, categories, spread: 50, seed: 2) { Samples = 64, Temperature = temperature, Kind = (NoiseKind)kind };
            for (var row = 0; row < rows; row += 2)
            {
                // A category of probability e^-100 was drawn.
                test.SetRow(row, [.. Enumerable.Range(0, categories).Select(j => j == 0 ? -50.0 : 50 - j)], drawn: 0);
            }

            Assert.All(test.Run(), x => Assert.True(float.IsFinite(x)));
            AssertClose(test, temperature == 10 ? 2e-6 : 2e-3);
        }
    }

    [Fact]
    public void OneCategoryHasNoGradient()
    {
        foreach (var rows in (int[])[1, 50])
        {
            Assert.All(new KernelCase(rows, 1, spread: 1, seed: 1).Run(), x => Assert.Equal(0, x));
        }
    }

    [Fact]
    public void NoRowsIsNoWork()
    {
        foreach (var n in (int[])[1, 2, 8, 40])
        {
            Assert.Empty(new KernelCase(0, n, spread: 1, seed: 1).Run(threads: 2));
        }
    }

    [Fact]
    public void ManyCategoriesFitAnyStack()
    {
        var test = new KernelCase(2, 50_000, spread: 1, seed: 1);
        AssertClose(test, 1e-5);
    }

    [Fact]
    public void SeedsAndBlocksDiffer()
    {
        var first = new KernelCase(64, 4, spread: 0, seed: 1) { Samples = 1 };
        var second = new KernelCase(64, 4, spread: 0, seed: 1) { Samples = 1, Seed = 2 };
        Assert.NotEqual(first.Run(), second.Run());
        foreach (var test in (KernelCase[])[first, second])
        {
            Array.Clear(test.Value);
            for (var row = 0; row < 64; row++)
            {
                (test.Value[row * 4], test.Gradient[row * 4]) = (1, 1);
                test.Gradient.AsSpan((row * 4) + 1, 3).Clear();
            }

            Assert.Equal(64, test.Run().Chunk(4).Select(row => row[0]).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndDraws))]
    public void AllocatesNothingOnOneThread(int rows, int categories, int kind)
    {
        var test = new KernelCase(rows, categories, spread: 1, seed: 1) { Samples = 16, Kind = (NoiseKind)kind };
        test.With(
            problem =>
            {
                test.Run(problem, 1);
                var before = GC.GetAllocatedBytesForCurrentThread();
                test.Run(problem, 1);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            });
    }

    private static void AssertClose(KernelCase test, double tolerance)
    {
        var output = test.Run();
        var expected = test.Reference();
        var scale = expected.Max(Math.Abs) + (0.25 / test.Temperature);
        for (var i = 0; i < output.Length; i++)
        {
            Assert.True(
                Math.Abs(output[i] - expected[i]) <= tolerance * scale,
                $"[{test.Rows}, {test.Categories}] K = {test.Samples}, τ = {test.Temperature}, {i}: {output[i]:R}, expected {expected[i]:R}");
        }
    }
}
