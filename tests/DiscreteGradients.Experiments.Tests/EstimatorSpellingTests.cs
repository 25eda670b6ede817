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
    [InlineData("", null)]
    public void NamesThatNearlyAreOneAreTold(string text, string? name)
    {
        Assert.Equal(name, EstimatorSpelling.Nearest(text));
        var error = Assert.Throws<InputException>(() => EstimatorSpelling.Read(text)).Message;
        Assert.Equal(name is null ? $"unknown estimator '{text}'; expected {EstimatorName.Known}." : $"unknown estimator '{text}'; did you mean '{name}'?", error);
    }

    [Theory]
    [InlineData("gr-mc:x", "estimator 'gr-mc:x' has K = 'x'; ")]
    [InlineData("gr-mc:0", "estimator 'gr-mc:0' has K = '0'; ")]
    [InlineData("gr-mc:10:paired", "unknown estimator 'gr-mc:10:paired'; expected ")]
    [InlineData("gr-qmc:4", "estimator 'gr-qmc:4' is no longer offered; ")]
    public void WhatElseIsWrongIsSaidAsItIs(string text, string error) =>
        Assert.StartsWith(error, Assert.Throws<InputException>(() => EstimatorSpelling.Read(text).Offered()).Message, StringComparison.Ordinal);

    [Fact]
    public void NamesAreThoseThatAreOffered() => Assert.All(EstimatorSpelling.Names, name => Assert.Equal(name, $"{EstimatorName.Parse(name).Offered()}"));
}
