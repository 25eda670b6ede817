using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>The mean squared error from blocks of draws: by hand, and by simulation.</summary>
public sealed class BlockedErrorsTests
{
    [Fact]
    public void ABlockedErrorAveragesTracesAndAddsTheSquaredBias()
    {
        var products = new double[10, 10];
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++) products[i, j] = i == j ? 100 : 2;
        }
        double[] traces = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var errors = new BlockedErrors(traces, products);
        Assert.Equal(2, errors.SquaredBias.Value, 1e-12);
        Assert.Equal(7.5, errors.MeanSquaredError().Value, 1e-12);
        Assert.Equal(2 + 1.1, errors.MeanSquaredError(batch: 5).Value, 1e-12);
        Assert.Equal(2 + 5, errors.Without(9, batch: 1), 1e-12);
        // The products do not vary, so the jackknife is that of the mean trace: its standard error.
        Assert.Equal(Estimate.Mean(traces).Error, errors.MeanSquaredError().Error, 1e-10);
        Assert.Equal(Estimate.Mean(traces).Error / 5, errors.MeanSquaredError(5).Error, 1e-10);
    }

    // Blocks of +1 and −1 whose sum is 0: left out, each gives the same squared bias, though that is far from known.
    [Fact]
    public void TheErrorIsAtLeastThatOfTheSquaredBias()
    {
        var products = new double[10, 10];
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++) products[i, j] = (i + j) % 2 == 0 ? 1 : -1;
        }
        var errors = new BlockedErrors([.. Enumerable.Repeat(1.0, 10)], products);
        Assert.True(errors.SquaredBias.Error > 0.1, $"{errors.SquaredBias}");
        Assert.Equal(errors.SquaredBias.Error, errors.MeanSquaredError().Error);
    }

    /// <summary>A gradient that is noise alone has the scale-free error 1: no factor of it is of use, and none seems to be.</summary>
    [Fact]
    public void NoiseAloneHasTheScaleFreeErrorOne()
    {
        using var scope = NewDisposeScope();
        var reference = ones(6, dtype: ScalarType.Float64);
        var errors = Enumerable.Range(0, 300).Select(seed => new GradientStudy((_, generator) => randn(6, dtype: ScalarType.Float64, generator: generator))
        {
            Draws = 40,
            Seed = seed,
        }.Compare([new Reinforce()], reference)[0].ScaleFreeError()!.Value.Value).ToList();
        var mean = Estimate.Mean(errors);
        Assert.InRange(mean.Value - 1, -5 * mean.Error, 5 * mean.Error);      // false alarm 6e-7
    }

    /// <summary>By the definition from the vectors themselves, of all blocks and with each left out.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AScaleFreeErrorIsThatOfItsDefinition_AndItsErrorThatOfBlocksLeftOut(bool isDrawn)
    {
        const int Blocks = 5, Batch = 4;
        var random = new Random(6);
        var means = Enumerable.Range(0, Blocks).Select(_ => Vector(0.4)).ToList();
        var references = Enumerable.Range(0, isDrawn ? Blocks : 1).Select(_ => Vector(0.2)).ToList();
        double[] traces = [3, 7, 4, 6, 2];
        var errors = new BlockedErrors(traces, new double[Blocks, Blocks])
        {
            Means = new(Products(means, means), Products(means, references), Products(references, references)),
        };
        var actual = errors.ScaleFreeError(Batch)!.Value;
        var all = Enumerable.Range(0, Blocks).ToList();
        Assert.Equal(Direct(all), actual.Value, 1e-12);
        var leftOut = all.ConvertAll(block => Direct(all.FindAll(other => other != block)));
        Assert.Equal(Jackknife.StandardError(leftOut), actual.Error, 1e-12);
        Assert.NotEqual(actual.Value, errors.ScaleFreeError()!.Value.Value, 1e-3);

        double[] Vector(double spread) => [.. Enumerable.Range(1, 3).Select(d => d + spread * random.NextNormal())];

        double Direct(List<int> kept)
        {
            var r = references[0];
            var along = isDrawn
                ? (from i in kept
                   from j in kept
                   from k in kept
                   from l in kept
                   where new[] { i, j, k, l }.Distinct().Count() == 4
                   select Inner(means[i], references[j]) * Inner(means[k], references[l])).Average()
                : OfTwo(kept, (i, j) => Inner(means[i], r) * Inner(means[j], r));
            var length = OfTwo(kept, (i, j) => Inner(means[i], means[j])) + kept.Average(i => traces[i]) / Batch;
            return 1 - along / (length * (isDrawn ? OfTwo(kept, (i, j) => Inner(references[i], references[j])) : Inner(r, r)));
        }

        static double OfTwo(List<int> kept, Func<int, int, double> product) =>
            (from i in kept from j in kept where i != j select product(i, j)).Average();

        static double Inner(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

        static double[,] Products(List<double[]> a, List<double[]> b)
        {
            var products = new double[a.Count, b.Count];
            for (var i = 0; i < a.Count; i++)
            {
                for (var j = 0; j < b.Count; j++) products[i, j] = Inner(a[i], b[j]);
            }
            return products;
        }
    }

    /// <summary>Estimator and reference on the same minibatches have a part of their noise in common, which is no part of what they
    /// point at together.</summary>
    [Fact]
    public void MinibatchesInCommonDoNotMakeAGradientPointAtItsReference()
    {
        double[] mean = [1, 0.5, 0], reference = [0.5, 0, 1];
        var squares = Enumerable.Range(0, 4000).Select(seed =>
        {
            var random = new Random(seed);
            var products = new double[6, 6];
            var noise = Enumerable.Range(0, 6).Select(_ => mean.Select(_ => random.NextNormal()).ToArray()).ToList();
            for (var i = 0; i < 6; i++)
            {
                for (var j = 0; j < 6; j++) products[i, j] = mean.Zip(noise[i], (m, e) => m + e).Zip(reference.Zip(noise[j], (r, e) => r + e), (a, b) => a * b).Sum();
            }
            return SquaredNorm.SquareOfMean(products);
        }).ToList();
        var found = Estimate.Mean(squares);
        Assert.InRange(found.Value - 0.25, -5 * found.Error, 5 * found.Error);      // ⟨mean, reference⟩ = 0.5; false alarm 6e-7
        Assert.True(found.Error < 0.1, $"{found}");
    }

    [Fact]
    public void TheErrorIsNeverBelowThatOfTheSquaredBias()
    {
        var random = new Random(4);
        var products = new double[10, 10];
        var deltas = Enumerable.Range(0, 10).Select(_ => 1 + random.NextNormal()).ToArray();
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++) products[i, j] = deltas[i] * deltas[j];
        }
        var errors = new BlockedErrors([.. Enumerable.Repeat(1.0, 10)], products);
        Assert.True(errors.MeanSquaredError(1e9).Error >= errors.SquaredBias.Error && errors.SquaredBias.Error > 0);
    }

    [Theory(Explicit = true)]
    [InlineData(0)]
    [InlineData(2)]
    public void TheBlockedErrorCovers(double bias) => Coverage.Holds("blocked error", repeat =>
    {
        var random = new Random(repeat);
        var deltas = Enumerable.Range(0, 10).Select(_ => Enumerable.Range(0, 5).Select(d => (d == 0 ? bias : 0) + 0.3 * random.NextNormal()).ToArray()).ToArray();
        var products = new double[10, 10];
        for (var i = 0; i < 100; i++) products[i / 10, i % 10] = deltas[i / 10].Zip(deltas[i % 10], (x, y) => x * y).Sum();
        var errors = new BlockedErrors([.. Enumerable.Range(0, 10).Select(_ => 3 + 0.5 * random.NextNormal())], products);
        return (errors.MeanSquaredError().Value, errors.MeanSquaredError().Error);
    }, 3 + bias * bias, 0.89, 0.98);
}
