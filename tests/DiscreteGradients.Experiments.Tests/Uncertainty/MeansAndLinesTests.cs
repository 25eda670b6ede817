using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Uncertainty;

/// <summary>Means over minibatches and images, lines through them, and blocked errors: by hand, and by simulation.</summary>
public sealed class MeansAndLinesTests
{
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
    public void ADecompositionIsFittedToEachMinibatch()
    {
        // Minibatch b: exactly a_b/K + c_b, so that the parts are the means of a and c with their own spreads.
        double[] a = [4, 6, 8], c = [1, 1.5, 0.5];
        IReadOnlyList<double> At(int k) => [.. a.Zip(c, (x, y) => x / k + y)];
        var line = MinibatchDecomposition.Fit(0.5, [(1, At(1)), (10, At(10)), (100, At(100))]);
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
    public void ADecompositionWeighsBySquaredTraces()
    {
        // Three K, one minibatch repeated: weighted least squares by hand, weights 1/y².
        double[] x = [1, 0.5, 0.25], y = [10, 6, 3];
        var line = MinibatchDecomposition.Fit(1, [(1, [10, 10]), (2, [6, 6]), (4, [3, 3])]);
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
        SuggestedTemperature Choose(double batch) => SuggestedTemperature.Of(new(EstimatorFamily.StraightThrough), grid, errors, batch);
        Assert.Equal(0.9, Choose(1).Temperature, 1e-12);
        Assert.Equal(0.1, Choose(1000).Temperature, 1e-12);
        Assert.False(Choose(3).AtEdge);
    }

    [Fact(Explicit = true)]
    public void TheErrorOfABoundCovers() => Coverage.Holds("bound", repeat =>
    {
        var random = new Random(repeat);
        var result = BoundResult.Of([.. Enumerable.Range(0, 100).Select(_ => -90 + 12 * random.NextNormal())], new double[100], 10);
        return (result.Bound, result.StandardError);
    }, 90, 0.945, 0.96);

    [Fact(Explicit = true)]
    public void TheErrorOfAnAccuracyCovers() => Coverage.Holds("accuracy", repeat =>
    {
        var random = new Random(repeat);
        var accuracy = Enumerable.Range(0, 500).Count(_ => random.NextDouble() < 0.7) / 500.0;
        return (accuracy, ListOpsAccuracy.BinomialError(accuracy, 500));
    }, 0.7, 0.94, 0.965);

    // Figure 2c: the steps to a threshold, a mean over five seeds. Two errors of Student's law with four degrees of freedom: 0.884.
    [Fact(Explicit = true)]
    public void TheErrorOfAMeanOverFiveSeedsCoversAsStudentsLawSays() => Coverage.Holds("mean over seeds", repeat =>
    {
        var random = new Random(repeat);
        var mean = Estimate.Mean([.. Enumerable.Range(0, 5).Select(_ => 20_000 + 3_000 * random.NextNormal())]);
        return (mean.Value, mean.Error);
    }, 20_000, 0.87, 0.9);

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public void TheErrorsOfADecompositionCover(bool conditional) => Coverage.Holds("decomposition by minibatches", repeat =>
    {
        var random = new Random(repeat);
        var parts = Enumerable.Range(0, 50).Select(_ => (A: 5 + random.NextNormal(), C: 2 + 0.3 * random.NextNormal())).ToList();
        IReadOnlyList<double> At(int k) => [.. parts.Select(part => (part.A / k + part.C) * (1 + 0.05 * random.NextNormal()))];
        var line = MinibatchDecomposition.Fit(0.5, [(1, At(1)), (10, At(10)), (100, At(100))]);
        return conditional ? (line.Conditional.Value, line.Conditional.Error) : (line.Residual.Value, line.Residual.Error);
    }, conditional ? 5 : 2, 0.94, 0.96);
}
