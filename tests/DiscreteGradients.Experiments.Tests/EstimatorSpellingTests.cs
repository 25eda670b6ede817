namespace DiscreteGradients.Experiments.Tests;

public sealed class EstimatorSpellingTests
{
    [Theory]
    [InlineData("gr-mc", "gr-mc:100")]
    [InlineData("gr-mc1000", "gr-mc:1000")]
    [InlineData("GR-MC:10", "gr-mc:10")]
    [InlineData("gr_mc:7", "gr-mc:7")]
    [InlineData("gr-cm:7", "gr-mc:7")]
    [InlineData("GR", "gr")]
    [InlineData("stgs", "st-gs")]
    [InlineData("ST-GS", "st-gs")]
    [InlineData("st_gs", "st-gs")]
    [InlineData("reinforced", "reinforce")]
    [InlineData("straight-through", "st")]
    [InlineData("gumbel softmax", "gs")]
    [InlineData("gumbel-rao", "gr-mc:100")]
    [InlineData("straight-through-gumbel-softmax", "st-gs")]
    [InlineData("ZGR", "zgr")]
    [InlineData("st2", "st2:0.5")]
    [InlineData("rein-max", "reinmax")]
    [InlineData("rebar", null)]
    [InlineData("gr-mc:10:paired", null)]
    [InlineData("", null)]
    public void NamesThatNearlyAreOneAreTold(string text, string? name)
    {
        Assert.Equal(name, EstimatorSpelling.Nearest(text));
        var error = Assert.Throws<InputException>(() => EstimatorName.Parse(text)).Message;
        Assert.Equal(name is null ? $"unknown estimator '{text}'; expected {EstimatorName.Known}." : $"unknown estimator '{text}'; did you mean '{name}'?", error);
    }

    [Fact]
    public void NamesAreThoseThatAreOffered() => Assert.All(EstimatorSpelling.Names, name => Assert.Equal(name, $"{EstimatorName.Parse(name).Offered()}"));
}
