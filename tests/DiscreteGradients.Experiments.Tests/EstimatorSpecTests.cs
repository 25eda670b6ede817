namespace DiscreteGradients.Experiments.Tests;

public sealed class EstimatorSpecTests
{
    [Fact]
    public void EachNameMakesItsEstimator()
    {
        Assert.Equal(new Reinforce(), Create("reinforce"));
        Assert.Equal(new StraightThrough(0.3), Create("st"));
        Assert.Equal(new GumbelSoftmax(0.3), Create("gs"));
        Assert.Equal(new StraightThroughGumbelSoftmax(0.3), Create("st-gs"));
        Assert.Equal(new GumbelRao(100, 0.3) { Threads = 2 }, Create("gr-mc:100"));
        Assert.Equal(new GumbelRao(1, 0.3) { Threads = 2 }, Create("gr-mc:1"));
        static IGradientEstimator Create(string name) => EstimatorSpec.Parse(name).Create(0.3, 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("st-gs:3")]
    [InlineData("ST-GS")]
    [InlineData("gr-mc")]
    [InlineData("gr-mc:1:2")]
    [InlineData("rebar")]
    [InlineData(" st")]
    public void OtherNamesAreRefused(string name) => Assert.Equal(
        $"unknown estimator '{name}'; expected reinforce, st, gs, st-gs, gr-mc:K (K ≥ 1), gr-mc:K:antithetic or gr.",
        Assert.Throws<InputException>(() => EstimatorSpec.Parse(name)).Message);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    public void OtherKAreRefused(string k) => Assert.Equal(
        $"estimator 'gr-mc:{k}' has K = '{k}'; expected a whole number from 1 to 1000000.",
        Assert.Throws<InputException>(() => EstimatorSpec.Parse($"gr-mc:{k}")).Message);

    [Fact]
    public void NamesMakeTheirEstimators()
    {
        Assert.Equal(new GumbelRao(5, 0.5) { Threads = 1, Antithetic = true }, EstimatorSpec.Parse("gr-mc:5:antithetic").Create(0.5, 1));
        Assert.Equal(new GumbelRaoExact(0.5) { Threads = 1 }, EstimatorSpec.Parse("gr").Create(0.5, 1));
    }

    [Fact]
    public void ANameOfThePastIsReadButMakesNothing()
    {
        const string Message = "estimator 'gr-qmc:64' is no longer offered; use gr, the limit of K → ∞, which takes less time.";
        var spec = EstimatorSpec.Parse("gr-qmc:64");
        Assert.Equal(("gr-qmc:64", "gr-qmc-64", false), (spec.Text, spec.FileName, spec.UsesScore));
        foreach (var use in (Action[])[() => spec.Offered(), () => spec.Create(0.5, 1), () => EstimatorSpec.ParseList("st,gr-qmc:64")])
            Assert.Equal(Message, Assert.Throws<InputException>(use).Message);
        Assert.Same(EstimatorSpec.Parse("gr").Text, EstimatorSpec.Parse("gr").Offered().Text);
    }

    [Fact]
    public void AListIsSeparatedByCommas()
    {
        Assert.Equal(["st", "gr-mc:5"], EstimatorSpec.ParseList(" st , gr-mc:5,").Select(spec => spec.Text));
        Assert.Empty(EstimatorSpec.ParseList(" "));
        Assert.Throws<InputException>(() => EstimatorSpec.ParseList("st,x"));
    }

    [Fact]
    public void OnlyReinforceUsesAScore_AndFileNamesHaveNoColon()
    {
        Assert.True(EstimatorSpec.Parse("reinforce").UsesScore);
        Assert.False(EstimatorSpec.Parse("gr-mc:5").UsesScore);
        Assert.Equal("gr-mc-5", EstimatorSpec.Parse("gr-mc:5").FileName);
    }
}
