using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Experiments.Tests.Paper;

public sealed class PublishedBoundsTests
{
    [Theory]
    [InlineData("st-gs", 20, 8, 98.0)]
    [InlineData("gr-mc:1000", 200, 16, 92.2)]
    [InlineData("reinforce", 20, 2, 202.6)]
    [InlineData("gr-mc:10", 20, 4, 97.8)]
    [InlineData("st", 200, 16, 104.5)]
    public void ThePapersTableIsThere(string estimator, int batchSize, int arity, double bound) =>
        Assert.Equal(bound, Find(estimator, batchSize, arity));

    [Fact]
    public void WhatThePaperDidNotRunHasNoFigure()
    {
        Assert.Null(Find("gr-mc:5", 20, 8));
        Assert.Null(Find("st-gs", 30, 8));
        Assert.Null(Find("st-gs", 20, 3));
    }

    private static double? Find(string estimator, int batchSize, int arity) =>
        PublishedBounds.Of(2).GetValueOrDefault((EstimatorName.Parse(estimator), batchSize, arity))?.Test;
}
