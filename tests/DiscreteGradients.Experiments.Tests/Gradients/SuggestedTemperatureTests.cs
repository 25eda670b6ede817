using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Tests.Gradients;

public sealed class SuggestedTemperatureTests
{
    private static readonly double[] Grid = [0.2, 0.5, 1];

    [Theory]
    [InlineData(0, "st-gs: the mean squared error is least at the lowest temperature measured, 0.2: the best one may lie below", "0.032,0.08,0.2,0.5,1")]
    [InlineData(1, "st-gs: least mean squared error at temperature 0.", null)]
    [InlineData(2, "st-gs: the mean squared error is least at the highest temperature measured, 1: the best one may lie above", "0.2,0.5,1,2,4")]
    public void AnAnswerAtTheEdgeIsSaidPlainly_AndTheGridGoesOnThere(int best, string text, string? wider)
    {
        var suggestion = At(Grid, best);
        Assert.StartsWith(text, $"{suggestion}", StringComparison.Ordinal);
        Assert.StartsWith(best switch { 0 => "0.2 or below, the lowest measured", 1 => "0.", _ => "1 or above, the highest measured" },
            suggestion.Short, StringComparison.Ordinal);
        Assert.Equal(wider, SuggestedTemperature.Wider(Grid, [suggestion]) is { } grid ? NumberText.List(grid) : null);
    }

    [Fact]
    public void AGridGoesOnAtBothEdges_ButNotForEver()
    {
        Assert.Equal([0.032, 0.08, 0.2, 0.5, 1, 2, 4], SuggestedTemperature.Wider(Grid, [At(Grid, 0), At(Grid, 2)])!);
        double[] wide = [0.01, 0.1, 1, 10];
        Assert.Null(SuggestedTemperature.Wider(wide, [At(wide, 0), At(wide, 3)]));
    }

    [Fact]
    public void AGridGoesOnToAHundredthAndToTen_AndNotBeyond()
    {
        double[] grid = [0.1, 1, 2.5, 5];
        Assert.Equal([0.01, 0.1, 1, 2.5, 5, 10], SuggestedTemperature.Wider(grid, [At(grid, 0), At(grid, 3)])!);
    }

    // The exponential of the logarithm of such a τ is another number.
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.7)]
    public void TheLowestTemperatureIsTheLowest_WhateverItsLogarithmIsRoundedTo(double lowest)
    {
        double[] grid = [lowest, 2 * lowest, 4 * lowest];
        Assert.True(At(grid, 0) is { AtEdge: true, IsLowest: true });
        Assert.True(At(grid, 2) is { AtEdge: true, IsLowest: false });
    }

    [Fact]
    public void WithinTheGridTheIntervalIsSaidToo() => Assert.Equal("0.512 (95 %: 0.4 to 0.61)",
        new SuggestedTemperature(EstimatorName.Parse("st-gs"), 0.5123, 0.4, 0.6101, AtEdge: false).Short);

    // Variances of 16, 4 and 1 and squared biases of 0, 1 and 20. One gradient errs least in the middle, the mean of a hundred
    // where there is no bias.
    [Theory]
    [InlineData(1, false)]
    [InlineData(100, true)]
    public void TheMeanOfManyGradientsWantsLessBias(double batch, bool isLowest)
    {
        BlockedErrors[] errors = [Of(16, 0), Of(4, 1), Of(1, 20)];
        var suggestion = SuggestedTemperature.Of(EstimatorName.Parse("st-gs"), Grid, errors, batch);
        Assert.Equal((isLowest, isLowest), (suggestion.AtEdge, suggestion.Temperature < 0.21));
        Assert.InRange(suggestion.Temperature, 0.19, 0.6);

        static BlockedErrors Of(double variance, double squaredBias)
        {
            var products = new double[10, 10];
            for (var i = 0; i < 100; i++) products[i / 10, i % 10] = squaredBias;
            return new([.. Enumerable.Repeat(variance, 10)], products);
        }
    }

    private static SuggestedTemperature At(double[] grid, int best) => SuggestedTemperature.Of(
        new(EstimatorFamily.StraightThroughGumbelSoftmax), grid, [.. grid.Select((_, i) => new BlockedErrors([.. Enumerable.Repeat(1.0 + Math.Abs(i - best), 10)], new double[10, 10]))]);
}
