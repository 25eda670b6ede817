using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class CurveStyleTests
{
    [Fact]
    public void EveryFamilyHasItsOwnColourAndMarker()
    {
        var styles = Enum.GetValues<EstimatorFamily>().Select(family => CurveStyle.Of(new EstimatorName(family))).ToList();
        Assert.Distinct(styles.Select(style => style.Colour.ToHex()));
        Assert.Distinct(styles.Select(style => style.Shape));
    }

    [Fact]
    public void TheColourDarkensWithK_AroundThatOfTheFamily()
    {
        var light = EstimatorName.ParseList("gr-mc:1,gr-mc:10,gr-mc:100,gr-mc:1000").Select(name => Light(CurveStyle.Of(name))).ToList();
        Assert.Equal(light.Distinct().OrderDescending(), light);
        Assert.InRange(Light(CurveStyle.OfFamily(EstimatorName.Parse("gr-mc:1000"), "K")), light[2], light[1]);
        Assert.Equal(CurveStyle.Of(EstimatorName.Parse("gr-mc:1000")).Colour, CurveStyle.Of(EstimatorName.Parse("gr-mc:100000")).Colour);
    }

    [Fact]
    public void TheColourDarkensWithTheWeight()
    {
        var light = EstimatorName.ParseList("st2:0.25,st2:0.5,st2:0.75").Select(name => Light(CurveStyle.Of(name))).ToList();
        Assert.Equal(light.Distinct().OrderDescending(), light);
        Assert.True(Light(CurveStyle.OfFamily(EstimatorName.Parse("st2:0.25"))) < light[2]);
    }

    [Theory]
    [InlineData("st-gs", "ST-GS", 0)]
    [InlineData("gr-mc:100", "GR-MC100", 0)]
    [InlineData("gr-mc:10:antithetic", "GR-MC10 antithetic", 1)]
    public void TheNameIsThePapers_AntitheticDrawsAreDashed(string estimator, string name, int dash)
    {
        var style = CurveStyle.Of(EstimatorName.Parse(estimator));
        Assert.Equal((name, dash), (style.Name, style.Dash));
        Assert.Equal(dash + 2, CurveStyle.Of(EstimatorName.Parse(estimator), variant: 2).Dash);
    }

    [Fact]
    public void AFamilyIsNamedWithTheLettersInThePlaceOfK()
    {
        Assert.Equal("GR-MCK", CurveStyle.OfFamily(EstimatorName.Parse("gr-mc:10"), "K").Name);
        Assert.Equal("GR-MC", CurveStyle.OfFamily(EstimatorName.Parse("gr-mc:10")).Name);
        Assert.Equal("GR", CurveStyle.OfFamily(EstimatorName.Parse("gr")).Name);
    }

    private static int Light(CurveStyle style) => style.Colour.R + style.Colour.G + style.Colour.B;
}
