namespace DiscreteGradients.Tests.Diagnostics;

public sealed class EstimateTests
{
    [Fact]
    public void AMeanHasTheErrorOfItsValues()
    {
        var mean = Estimate.Mean([1, 2, 3, 6]);   // squared deviations 4 + 1 + 0 + 9, over 3 and 4
        Assert.Equal(3, mean.Value);
        Assert.Equal(Math.Sqrt(14.0 / 12), mean.Error, 1e-12);
        Assert.Equal(new(7, double.NaN), Estimate.Mean([7]));
    }

    [Fact]
    public void ErrorsFollowTheDerivatives()
    {
        const double Step = 1e-6;
        var estimate = new Estimate(4, 0.3);
        Assert.Equal(0.3 * (Math.Log10(4 + Step) - Math.Log10(4 - Step)) / (2 * Step), estimate.Log10!.Value.Error, 1e-8);
        Assert.Equal(0.3 * (Math.Sqrt(4 + Step) - Math.Sqrt(4 - Step)) / (2 * Step), estimate.Root.Error, 1e-8);
        Assert.Equal((Math.Log10(4), 2.0), (estimate.Log10.Value.Value, estimate.Root.Value));
        Assert.Equal((-2, 0.1), (new Estimate(0.01, 1).Log10!.Value.Value, new Estimate(0.01, 1).Root.Value));
        Assert.Equal(new(2, 0.15), estimate / 2);
        Assert.Equal(new(1, 0.5), estimate - new Estimate(3, 0.4));
        Assert.Equal(new(7, 0.5), estimate + new Estimate(3, 0.4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void WhatIsNotAboveZeroHasNoLogarithm_AndARootOfNoKnownError(double value)
    {
        Assert.Null(new Estimate(value, 1).Log10);
        Assert.Equal(new(0, double.NaN), new Estimate(value, 1).Root);
    }

    [Fact]
    public void ATextHasBothNumbers_OrWhatIsKnown()
    {
        Assert.Equal("1.235 ± 0.057", Estimate.Text(new(1.23456, 0.05678)));
        Assert.Equal("1.23 ± 0.06", Estimate.Text(new(1.23456, 0.05678), "F2", "F2"));
        Assert.Equal("2", Estimate.Text(new(2, double.NaN)));
        Assert.Equal("-", Estimate.Text(null));
        Assert.Equal("4 ± 1", $"{new Estimate(4, 1)}");
    }
}
