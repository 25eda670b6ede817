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

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.0126, "0.013")]
    [InlineData(0.5, "0.500")]
    [InlineData(1.0, "1.00")]
    [InlineData(9.994, "9.99")]
    [InlineData(10.0, "10.0")]
    [InlineData(99.94, "99.9")]
    [InlineData(100.0, "100")]
    [InlineData(1234.4, "1,234")]
    [InlineData(null, "-")]
    public void ANumberHasThreeDigits(double? value, string text) => Assert.Equal(text, Quartiles.Number(value));

    [Fact]
    public void ATextHasTheMedianAndTheMiddleHalf()
    {
        Assert.Equal("12.5 (1.00–250)", Quartiles.Text(new(1, 12.5, 250)));
        Assert.Equal("-", Quartiles.Text(null));
    }
}
