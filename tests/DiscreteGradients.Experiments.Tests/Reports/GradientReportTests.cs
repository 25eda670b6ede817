using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Reports;

public sealed class GradientReportTests
{
    [Fact]
    public void EachEstimatorIsComparedOnce_EachAtItsBestTemperature()
    {
        var result = Result("st-gs,gr,zgr,reinmax", [0.1, 0.5, 1],
            Row("st-gs", 0.1, 900, 850), Row("gr", 0.1, 90, 240), Row("zgr", 0.1, 50, 396), Row("reinmax", 0.1, 50, 900),
            Row("st-gs", 0.5, 500, 400), Row("gr", 0.5, 80, 200), Row("reinmax", 0.5, 50, 500),
            Row("st-gs", 1, 300, 600), Row("gr", 1, 70, 220), Row("reinmax", 1, 50, 800)) with
        {
            Suggestions =
            [
                new(EstimatorName.Parse("st-gs"), 0.512, 0.4, 0.61, AtEdge: false),
                new(EstimatorName.Parse("gr"), 1, 0.9, 1, AtEdge: true),
            ],
        };
        Assert.Equal(
        [
            "The mean squared error of GR (τ = 0.5) is 0.500 ± 0.007 times that of ST-GS (τ = 0.5), each at its best temperature.",
            "The mean squared errors of ZGR and ST-GS (τ = 0.5) are not distinguishable, each at its best temperature: their ratio is 0.990 ± 0.014.",
            "The mean squared error of ReinMax (τ = 0.5) is 1.250 ± 0.018 times that of ST-GS (τ = 0.5), each at its best temperature.",
            "Temperature of least mean squared error: ST-GS 0.512 (95 %: 0.4 to 0.61); GR 1 or above, the highest measured.",
            SuggestedTemperature.Warning,
        ], GradientReport.Conclusions(result));
    }

    /// <summary>The blocks differ by far more than the estimators do: half of 40, 80, …, and 1 more and less in turn.</summary>
    [Fact]
    public void ErrorsAreComparedByTheBlocksThatTheyShare()
    {
        double[] hard = [.. Enumerable.Range(1, 10).Select(block => 40.0 * block)];
        double[] half = [.. hard.Select((trace, block) => trace / 2 + (block % 2 == 0 ? 1 : -1))];
        var result = Result("st-gs,gr", [0.1, 1],
            Row("st-gs", 0.1, 220, 220) with { Blocks = new(hard, new double[10, 10]) },
            Row("gr", 1, 110, 110) with { Blocks = new(half, new double[10, 10]) });
        // Without a block: 1/2 ± 1/(2200 − 40 b).
        Assert.StartsWith("The mean squared error of GR (τ = 1) is 0.5000 ± 0.0015 times that of ST-GS (τ = 0.1), ",
            Assert.Single(GradientReport.Conclusions(result)), StringComparison.Ordinal);
    }

    /// <summary>The ratio is 0.97, whose logarithm is 2.15 errors from 0. Ten blocks, like ten minibatches, have nine degrees of
    /// freedom, with which 2.26 are within chance; fifty have 49, with which 2.01 are.</summary>
    [Theory]
    [InlineData(10, false)]
    [InlineData(50, true)]
    public void OfTenValuesARatioMustBeFurtherFrom1(int minibatches, bool isTold)
    {
        var result = Result("st-gs,gr", [0.1, 1], Row("st-gs", 0.1, 400, 400), Row("gr", 0.1, 388, 388));
        Assert.Equal(["The mean squared errors of GR (τ = 0.1) and ST-GS (τ = 0.1) are not distinguishable, "
            + "each at its best temperature: their ratio is 0.970 ± 0.014."], GradientReport.Conclusions(result));
        var one = Result("st-gs,gr", [0.1], Row("st-gs", 0.1, 400), Row("gr", 0.1, 388) with { TraceRatio = new(0.97, 0.0137) });
        Assert.Equal([isTold ? "The gradient of GR has 0.970 ± 0.014 times the variance of that of ST-GS at τ = 0.1."
            : "The variances of the gradients of GR and ST-GS are not distinguishable at τ = 0.1: their ratio is 0.970 ± 0.014."],
            GradientReport.Conclusions(one with { Settings = one.Settings with { Minibatches = minibatches } }));
    }

    /// <summary>Less its sampling variance an error may be below 0, of which no ratio says anything.</summary>
    [Fact]
    public void AnErrorThatIsNotAboveZeroIsNotTheLeast()
    {
        var result = Result("st-gs,gr", [0.1, 1], Row("st-gs", 0.1, 900, 850), Row("gr", 0.1, 90, -5), Row("st-gs", 1, 300, 600), Row("gr", 1, 70, 220));
        Assert.Equal(["The mean squared error of GR (τ = 1) is 0.367 ± 0.005 times that of ST-GS (τ = 1), each at its best temperature."],
            GradientReport.Conclusions(result));
    }

    [Fact]
    public void WithoutAReferenceItIsTheVarianceThatIsCompared_OverTheTemperatures()
    {
        var result = Result("st-gs,gr,zgr", [0.1, 1],
            Row("st-gs", 0.1, 100), Row("gr", 0.1, 25) with { TraceRatio = new(0.25, 0.01) }, Row("zgr", 0.1, 98) with { TraceRatio = new(0.98, 0.02) },
            Row("st-gs", 1, 50), Row("gr", 1, 40) with { TraceRatio = new(0.8, 0.02) });
        Assert.Equal(
        [
            "The gradient of GR has 0.250 ± 0.010 (τ = 0.1) to 0.80 ± 0.02 (τ = 1) times the variance of that of ST-GS.",
            "The variances of the gradients of ZGR and ST-GS are not distinguishable at τ = 0.1: their ratio is 0.98 ± 0.02.",
        ], GradientReport.Conclusions(result));
        // At one temperature, none is the best.
        Assert.Equal(["The gradient of GR has 0.250 ± 0.010 times the variance of that of ST-GS at τ = 0.1."],
            GradientReport.Conclusions(Result("st-gs,gr", [0.1], Row("st-gs", 0.1, 100, 900), Row("gr", 0.1, 25, 300) with { TraceRatio = new(0.25, 0.01) })));
    }

    [Fact]
    public void AnEstimatorWithoutTemperatureIsALevelDashedLine()
    {
        var page = GradientReport.Page("folder", [Result("st-gs,zgr", [1, 0.1, 0.5],
            Row("st-gs", 1, 60, 70), Row("zgr", 1, 125, 150), Row("st-gs", 0.1, 90, 95), Row("st-gs", 0.5, 80, 85))]);
        foreach (var temperature in new[] { "0.1", "0.5", "1" })
            Assert.Contains($"ZGR: temperature τ {temperature}, 125 ± 1.2", page, StringComparison.Ordinal);
        // In the legend and in the line, of both charts.
        Assert.Equal(1 + 4, page.Split("stroke-dasharray").Length);
        Assert.Contains("ST-GS: temperature τ 0.5, 80 ± 0.8", page, StringComparison.Ordinal);
    }

    [Fact]
    public void AlongTheTrainingIsTheVarianceAtTheFirstTemperature_AndTheRestIsOfTheLastStep()
    {
        var first = Result("st-gs", [0.5, 0.1], Row("st-gs", 0.1, 90, 95), Row("st-gs", 0.5, 60, 70));
        var last = first with { Step = 3000, Rows = [Row("st-gs", 0.1, 40, 45), Row("st-gs", 0.5, 20, 25)] };
        var page = GradientReport.Page("folder", [first, last]);
        foreach (var said in new[] { "step 100, 60 ± 0.6", "step 3,000, 20 ± 0.2", "temperature τ 0.1, 40 ± 0.4", "temperature τ 0.1, 45 ± 0.45" })
            Assert.Contains($"ST-GS: {said}", page, StringComparison.Ordinal);
        foreach (var other in new[] { "step 100, 90", "step 3,000, 40", "temperature τ 0.1, 90", "temperature τ 0.5, 60" })
            Assert.DoesNotContain($"ST-GS: {other}", page, StringComparison.Ordinal);
    }

    /// <summary>A study at 0.3 and one at 0.7 have no line in common, but that of an estimator without a temperature.</summary>
    [Fact]
    public void AlongTheTrainingNoTwoTemperaturesAreOneLine()
    {
        var first = Result("st-gs", [0.3], Row("st-gs", 0.3, 60, 70));
        var last = Result("st-gs", [0.7], Row("st-gs", 0.7, 20, 25)) with { Step = 3000 };
        Assert.DoesNotContain("along training", GradientReport.Page("folder", [first, last]), StringComparison.Ordinal);
        // Where the first has it too, though not as its first.
        var wider = Result("st-gs", [0.3, 0.7], Row("st-gs", 0.3, 60, 70), Row("st-gs", 0.7, 50, 70));
        var page = GradientReport.Page("folder", [wider, last]);
        Assert.Contains("along training, τ = 0.7", page, StringComparison.Ordinal);
        Assert.Contains("ST-GS: step 100, 50 ± 0.5", page, StringComparison.Ordinal);
        Assert.DoesNotContain("ST-GS: step 100, 60", page, StringComparison.Ordinal);
        first = Result("zgr", [0.3], Row("zgr", 0.3, 60, 70));
        last = Result("zgr", [0.7], Row("zgr", 0.7, 20, 25)) with { Step = 3000 };
        Assert.Contains("ZGR: step 100, 60 ± 0.6", GradientReport.Page("folder", [first, last]), StringComparison.Ordinal);
    }

    /// <summary>The studies are those of a record of this repository, in places where a folder may have them.</summary>
    [Fact]
    public void StudiesAreInTheOrderOfTheirSteps_AndOnlyThoseThatHaveEnded()
    {
        using var folder = new TemporaryFolder();
        const string Recorded = "results/gradients/vae-15000/gradients/step-15000";
        foreach (var place in new[] { "run/gradients/step-10000", "run/gradients/step-9000", "run/gradients/step-x",
            "run/gradients/step-20000" })
            WorkingTree.Copy(Recorded, folder.At(place));
        var open = folder.At("run/gradients/step-20000/work.jsonl");
        File.WriteAllLines(open, File.ReadAllLines(open).SkipLast(1));
        Assert.Equal([9000, 10000], Found("run"));
        Assert.Equal([9000, 10000], Found("run/gradients"));
        Assert.Equal([10000], Found("run/gradients/step-10000/"));
        Assert.Empty(Found("nowhere"));

        IEnumerable<int?> Found(string path) => GradientReport.Studies(folder.At(path)).Select(study => study.Step);
    }

    private static VaeGradientResult Result(string estimators, double[] temperatures, params VaeGradientMeasurement[] rows) =>
        new(100, 8, new() { Estimators = EstimatorName.ParseList(estimators), Temperatures = temperatures }, rows, []);

    private static VaeGradientMeasurement Row(string name, double temperature, double trace, double? error = null) => new()
    {
        Estimator = EstimatorName.Parse(name),
        Temperature = temperature,
        Trace = new(trace, trace / 100),
        MinibatchTrace = new(1, 0.1),
        MeanSquaredError = error is { } value ? new(value, value / 100) : null,
    };
}
