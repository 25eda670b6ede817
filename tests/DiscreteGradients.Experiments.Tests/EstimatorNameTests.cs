using System.Text.Json;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests;

public sealed class EstimatorNameTests
{
    [Fact]
    public void EachNameMakesItsEstimator()
    {
        Assert.Equal(new Reinforce(), Create("reinforce"));
        Assert.Equal(new StraightThrough(0.3), Create("st"));
        Assert.Equal(new GumbelSoftmax(0.3), Create("gs"));
        Assert.Equal(new StraightThroughGumbelSoftmax(0.3), Create("st-gs"));
        Assert.Equal(new GumbelRao(100, 0.3), Create("gr-mc:100"));
        Assert.Equal(new GumbelRao(1, 0.3), Create("gr-mc:1"));
        static IGradientEstimator Create(string name) => EstimatorName.Parse(name).Create(0.3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("st-gs:3")]
    [InlineData("ST-GS")]
    [InlineData("gr-mc")]
    [InlineData("gr-mc:1:2")]
    [InlineData("st2")]
    [InlineData("zgr:1")]
    [InlineData("rloo")]
    [InlineData("rebar")]
    [InlineData(" st")]
    public void OtherNamesAreRefused(string name) => Assert.Equal(
        $"unknown estimator '{name}'; expected reinforce, st, gs, st-gs, gr-mc:K (K ≥ 1), gr-mc:K:antithetic, gr, zgr, st2:λ (0 ≤ λ ≤ 2) or reinmax.",
        Assert.Throws<InputException>(() => EstimatorName.Parse(name)).Message);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    [InlineData("1000001")]
    public void OtherKAreRefused(string k) => Assert.Equal(
        $"estimator 'gr-mc:{k}' has K = '{k}'; expected a whole number from 1 to 1000000.",
        Assert.Throws<InputException>(() => EstimatorName.Parse($"gr-mc:{k}")).Message);

    [Fact]
    public void ThoseWithoutATemperatureAreTheOnesThatHelpNames() => Assert.Equal(
        EstimatorName.WithoutTemperature.Replace(" and ", ", ", StringComparison.Ordinal),
        string.Join(", ", EstimatorName.ParseList("reinforce,st,gs,st-gs,gr-mc:10,gr,zgr,st2:0.5,reinmax")
            .Where(name => !name.HasTemperature).Select(name => name.Weight is 0.5 ? "st2:λ" : $"{name}")));

    [Fact]
    public void NamesMakeTheirEstimators()
    {
        Assert.Equal(new GumbelRao(5, 0.5) { Antithetic = true }, EstimatorName.Parse("gr-mc:5:antithetic").Create(0.5));
        Assert.Equal(new GumbelRaoExact(0.5), EstimatorName.Parse("gr").Create(0.5));
        Assert.Equal(new SecondOrderStraightThrough(), EstimatorName.Parse("zgr").Create(0.5));
        Assert.Equal(new SecondOrderStraightThrough(0.25), EstimatorName.Parse("st2:0.25").Create(0.5));
        Assert.Equal(new ReinMax(0.5), EstimatorName.Parse("reinmax").Create(0.5));
    }

    [Fact]
    public void TheWeightIsWrittenAsItIsRead_AndOneIsZgr()
    {
        Assert.Equal(EstimatorName.Parse("zgr"), EstimatorName.Parse("st2:1"));
        Assert.Equal(("zgr", "ZGR"), ($"{EstimatorName.Parse("st2:1.0")}", EstimatorName.Parse("zgr").PaperName));
        var half = EstimatorName.Parse("st2:0.50");
        Assert.Equal(("st2:0.5", "st2-0.5", "st2", "ST2, λ = 0.5"), ($"{half}", half.FileName, half.With(setting: null), half.PaperName));
        foreach (var name in (string[])["st2:2.1", "st2:3e0", "st2:-1", "st2:-1e-5", "st2:", "st2:x", "st2:NaN"])
            Assert.Contains("expected a number from 0 to 2", Assert.Throws<InputException>(() => EstimatorName.Parse(name)).Message, StringComparison.Ordinal);
        Assert.False(half.HasTemperature);
        Assert.True(EstimatorName.Parse("reinmax").HasTemperature);
    }

    [Fact]
    public void SeveralEvaluationsAreForTheComparisonOfCostAndVariance()
    {
        Assert.Equal(["rloo:4", "disarm", "local"], EstimatorName.ParseList("rloo:4,disarm,local", severalEvaluations: true).Select(name => $"{name}"));
        foreach (var name in (string[])["rloo:4", "disarm", "local"])
        {
            Assert.Contains("evaluates the cost several times", Assert.Throws<InputException>(() => EstimatorName.ParseList(name)).Message, StringComparison.Ordinal);
            Assert.Throws<InputException>(() => EstimatorName.Parse(name).Create(0.5));
        }
        Assert.Contains("S = '1'; expected a whole number from 2", Assert.Throws<InputException>(() => EstimatorName.Parse("rloo:1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameOfThePastIsReadButMakesNothing()
    {
        const string Message = "estimator 'gr-qmc:64' is no longer offered; use gr, the limit of K → ∞, which takes less time.";
        var name = EstimatorName.Parse("gr-qmc:64");
        Assert.Equal(("gr-qmc:64", "gr-qmc-64", false), ($"{name}", name.FileName, name.UsesScore));
        foreach (var use in (Action[])[() => name.Offered(), () => name.Create(0.5), () => EstimatorName.ParseList("st,gr-qmc:64")])
            Assert.Equal(Message, Assert.Throws<InputException>(use).Message);
        Assert.Equal("gr", $"{EstimatorName.Parse("gr").Offered()}");
    }

    [Fact]
    public void AListIsSeparatedByCommas()
    {
        Assert.Equal(["st", "gr-mc:5"], EstimatorName.ParseList(" st , gr-mc:5,").Select(name => $"{name}"));
        Assert.Empty(EstimatorName.ParseList(" "));
        Assert.Equal(1_000_000, EstimatorName.Parse("gr-mc:1000000").Samples);
        Assert.Throws<InputException>(() => EstimatorName.ParseList("st,x"));
    }

    [Fact]
    public void OnlyReinforceUsesAScore_AndFileNamesHaveNoColon()
    {
        Assert.True(EstimatorName.Parse("reinforce").UsesScore);
        Assert.False(EstimatorName.Parse("gr-mc:5").UsesScore);
        Assert.Equal("gr-mc-5", EstimatorName.Parse("gr-mc:5").FileName);
    }

    [Theory]
    [InlineData("reinforce", "REINFORCE", "reinforce")]
    [InlineData("st", "ST", "st")]
    [InlineData("gs", "GS", "gs")]
    [InlineData("st-gs", "ST-GS", "st-gs")]
    [InlineData("gr-mc:100", "GR-MC100", "gr-mc:K")]
    [InlineData("gr-mc:6:antithetic", "GR-MC6 antithetic", "gr-mc:K:antithetic")]
    [InlineData("gr-qmc:64", "GR-QMC64", "gr-qmc:K")]
    [InlineData("gr", "GR", "gr")]
    [InlineData("st2:0.0001", "ST2, λ = 0.0001", "st2:K")]
    [InlineData("st2:1E-05", "ST2, λ = 1E-05", "st2:K")]
    [InlineData("st2:5E-324", "ST2, λ = 5E-324", "st2:K")]
    public void EveryNameIsWrittenAsItIsRead_AndHasOneOfThePaper(string text, string paper, string curve)
    {
        var name = EstimatorName.Parse(text);
        Assert.Equal((text, paper, curve), (name.ToString(), name.PaperName, name.With("K")));
        var json = JsonSerializer.Serialize(name, JsonText.Line);
        Assert.Equal($"\"{text}\"", json);
        Assert.Equal(name, JsonFile.Parse<EstimatorName>(json, "file"));
    }

    [Fact]
    public void TheWeightsAreFrom0To2_AndTheTemperaturesFrom1e36()
    {
        Assert.Equal(new SecondOrderStraightThrough(0), EstimatorName.Parse("st2:0").Create(0.5));
        Assert.Equal(new SecondOrderStraightThrough(2), EstimatorName.Parse("st2:2").Create(0.5));
        Assert.True(EstimatorName.IsTemperature(1e-36) && EstimatorName.IsTemperature(double.MaxValue));
        foreach (var temperature in new[] { 0.99e-36, 0, -1, double.PositiveInfinity, double.NaN })
            Assert.False(EstimatorName.IsTemperature(temperature), $"{temperature}");
    }

    [Theory]
    [InlineData("reinforce", false, false, false)]
    [InlineData("st", true, false, false)]
    [InlineData("gs", true, true, false)]
    [InlineData("st-gs", true, false, false)]
    [InlineData("gr-mc:5", true, false, false)]
    [InlineData("gr", true, false, false)]
    [InlineData("st2:0.5", false, false, false)]
    [InlineData("reinmax", true, false, false)]
    [InlineData("rloo:2", false, false, true)]
    [InlineData("disarm", false, false, true)]
    [InlineData("local", false, false, true)]
    public void EachKindIsToldByWhatItNeeds(string text, bool hasTemperature, bool isRelaxed, bool hasSeveralEvaluations)
    {
        var name = EstimatorName.Parse(text);
        Assert.Equal((hasTemperature, isRelaxed, hasSeveralEvaluations),
            (name.HasTemperature, name.IsRelaxed, name.HasSeveralEvaluations));
    }

    [Theory]
    [InlineData("\"rebar\"", "file: line 2: unknown estimator 'rebar'; expected reinforce")]
    [InlineData("\"gr-mc:0\"", "file: line 2: estimator 'gr-mc:0' has K = '0'; expected a whole number")]
    [InlineData("3", "file: line 2: estimator is 3; expected text in quotes.")]
    [InlineData("null", "file: line 2: estimator is null; expected text in quotes.")]
    public void AFileWithAnotherNameIsRefusedWithTheLine(string value, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("settings.json");
        File.WriteAllText(path, $"{{\"seed\": 1,\n\"estimator\": {value}}}");
        var refusals = new[]
        {
            Assert.Throws<InputException>(() => JsonFile.Read<VaeSettings>(path)), Assert.Throws<InputException>(() => SettingsFile.Read(path).Over(new VaeSettings())),
        };
        Assert.All(refusals, refusal => Assert.StartsWith(message, refusal.Message.Replace(path, "file", StringComparison.Ordinal).Replace(" is not readable", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}
