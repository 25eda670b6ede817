using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Uncertainty;

/// <summary>Means over minibatches and images, lines through them, and blocked errors: by hand, and by simulation.</summary>
public sealed class MeansAndLinesTests
{
    [Fact]
    public void AMeanHasTheErrorOfItsSpread()
    {
        var (mean, error) = Estimate.Mean([1, 2, 3, 6]);
        Assert.Equal(3, mean);
        // Σ (v − 3)² = 14 over 3 degrees of freedom and 4 values.
        Assert.Equal(Math.Sqrt(14.0 / 3 / 4), error, 1e-12);
    }

    [Fact]
    public void ABoundIsTheNegatedMeanOverImages()
    {
        var result = BoundResult.Of([-1, -2, -3, -6], [10, 20, 30, 40], 50);
        Assert.Equal((3, 25, 50, 4), (result.Bound, result.EffectiveSampleSize, result.Samples, result.Images));
        Assert.Equal(Math.Sqrt(14.0 / 3 / 4), result.StandardError, 1e-12);
        Assert.True(double.IsNaN(BoundResult.Of([-1], [1], 5).StandardError));
        Assert.True(double.IsNaN(BoundResult.Of([-1, double.NaN], [1, 1], 5).Bound));
    }

    [Fact]
    public void AVarianceLineIsFittedToEachMinibatch()
    {
        // Minibatch b: exactly a_b/K + c_b, so that the parts are the means of a and c with their own spreads.
        double[] a = [4, 6, 8], c = [1, 1.5, 0.5];
        IReadOnlyList<double> At(int k) => [.. a.Zip(c, (x, y) => x / k + y)];
        var line = VarianceLine.Fit(0.5, [(1, At(1)), (10, At(10)), (100, At(100))]);
        Assert.Equal(6, line.Conditional.Value, 1e-10);
        Assert.Equal(Estimate.Mean(a).Error, line.Conditional.Error, 1e-10);
        Assert.Equal(1, line.Residual.Value, 1e-10);
        Assert.Equal(Estimate.Mean(c).Error, line.Residual.Error, 1e-10);
        Assert.Equal([1, 10, 100], line.Points.Select(point => point.Samples));
        foreach (var point in line.Points)
        {
            Assert.Equal(6.0 / point.Samples + 1, point.Line, 1e-10);
            Assert.Equal(point.Line, point.Trace, 1e-10);
            Assert.Equal(0, point.Difference.Value, 1e-10);
            Assert.Equal(0, point.Difference.Error, 1e-10);
        }
    }

    [Fact]
    public void AVarianceLineWeighsBySquaredTraces()
    {
        // Three K, one minibatch repeated: weighted least squares by hand, weights 1/y².
        double[] x = [1, 0.5, 0.25], y = [10, 6, 3];
        var line = VarianceLine.Fit(1, [(1, [10, 10]), (2, [6, 6]), (4, [3, 3])]);
        var w = y.Select(v => 1 / (v * v)).ToArray();
        double S(Func<int, double> f) => Enumerable.Range(0, 3).Sum(i => w[i] * f(i));
        var slope = (S(_ => 1) * S(i => x[i] * y[i]) - S(i => x[i]) * S(i => y[i])) / (S(_ => 1) * S(i => x[i] * x[i]) - S(i => x[i]) * S(i => x[i]));
        var intercept = (S(i => y[i]) - slope * S(i => x[i])) / S(_ => 1);
        Assert.Equal(slope, line.Conditional.Value, 1e-10);
        Assert.Equal(intercept, line.Residual.Value, 1e-10);
        Assert.Equal(10 - intercept - slope, line.Points[0].Difference.Value, 1e-10);
        Assert.Equal(intercept + slope / 4, line.Points[2].Line, 1e-10);
    }

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

    [Fact]
    public void TheChosenTemperatureIsThatOfTheLeastErrorOfABatch()
    {
        double[] grid = [0.1, 0.3, 0.9];
        // Trace falls and bias grows with τ: at batch 1 the largest is best, at a large batch the smallest.
        BlockedErrors At(double trace, double bias)
        {
            var products = new double[10, 10];
            for (var i = 0; i < 100; i++) products[i / 10, i % 10] = bias;
            return new([.. Enumerable.Repeat(trace, 10)], products);
        }
        BlockedErrors[] errors = [At(10, 0), At(5, 1), At(1, 3)];
        Assert.Equal(0.9, BlockedErrors.Choose(grid, errors).Temperature, 1e-12);
        Assert.Equal(0.1, BlockedErrors.Choose(grid, errors, 1000).Temperature, 1e-12);
        Assert.False(BlockedErrors.Choose(grid, errors, 3).AtEdge);
    }

    [Fact(Explicit = true)]
    public void TheErrorOfABoundCovers() => Coverage.Holds("bound", repeat =>
    {
        var random = new Random(repeat);
        var result = BoundResult.Of([.. Enumerable.Range(0, 100).Select(_ => -90 + 12 * random.NextNormal())], new double[100], 10);
        return (result.Bound, result.StandardError);
    }, 90, 0.945, 0.96);

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public void TheErrorsOfAVarianceLineCover(bool conditional) => Coverage.Holds("variance line", repeat =>
    {
        var random = new Random(repeat);
        var parts = Enumerable.Range(0, 50).Select(_ => (A: 5 + random.NextNormal(), C: 2 + 0.3 * random.NextNormal())).ToList();
        IReadOnlyList<double> At(int k) => [.. parts.Select(part => (part.A / k + part.C) * (1 + 0.05 * random.NextNormal()))];
        var line = VarianceLine.Fit(0.5, [(1, At(1)), (10, At(10)), (100, At(100))]);
        return conditional ? (line.Conditional.Value, line.Conditional.Error) : (line.Residual.Value, line.Residual.Error);
    }, conditional ? 5 : 2, 0.94, 0.96);

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
