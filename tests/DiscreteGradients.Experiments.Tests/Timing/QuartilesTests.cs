using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Tests.Timing;

public sealed class QuartilesTests
{
    [Fact]
    public void QuartilesInterpolate()
    {
        Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Quartiles.Of([4, 1, 3, 2]));
        Assert.Equal(new Quartiles(7, 7, 7), Quartiles.Of([7]));
        Assert.Equal(2, Quartiles.OfRatios([2, 40, 6], [1, 20, 3]).Median);
    }
}
