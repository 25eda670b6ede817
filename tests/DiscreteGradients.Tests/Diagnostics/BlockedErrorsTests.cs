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
