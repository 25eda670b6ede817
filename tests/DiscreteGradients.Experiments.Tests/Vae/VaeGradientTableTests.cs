using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeGradientTableTests
{
    [Fact]
    public void ATextHasARowEach_ByTemperature_AndWhatWasFound()
    {
        var settings = new VaeGradientSettings
        {
            Temperatures = [1, 0.5],
            BatchSize = 3,
            Minibatches = 11,
            Passes = 4,
            Reference = GradientReference.Reinforce,
            ReferencePasses = 6,
        };
        var whole = Row("st-gs", 0.5, 100) with
        {
            TraceDifference = new(7, 0.5),
            SquaredBias = new(0.25, 0.11),
            MeanSquaredError = new(10, 1),
            ScaleFreeError = new(0.3, 0.02),
        };
        var decomposition = new MinibatchDecomposition(0.5, new(8, 0.4), new(2, 0.1),
            [new(1, 10.5, 10, new(0.5, 0.2)), new(10, 2.75, 2.8, new(-0.05, 0.01)), new(int.MaxValue, 2.125, 2, new(0.12, 0.02))]);
        var result = new VaeGradientResult(700, 8, settings, [Row("st-gs", 1, 10), Row("zgr", 1, 1000), whole], [decomposition])
        {
            ReferenceSquaredNorm = new(2.5, 0.25),
            Suggestions = [new(EstimatorName.Parse("st-gs"), 0.512, 0.4, 0.61, AtEdge: false)],
        };
        var lines = VaeGradientTable.Text(result).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        Assert.Equal("8-ary, step 700, batch size 3, 11 minibatches, 4 passes", lines[0]);
        Assert.Matches("^estimator +tau +log10 trace +less than before +log10 mb trace +squared bias +MSE +log10 MSE +scale-free$", lines[1]);
        Assert.Matches(@"^st-gs +0\.5 +2\.000 ± 0\.043 +7 ± 0\.5 +3\.000 +0\.25 ± 0\.11 +10 ± 1 +1\.000 +0\.3 ± 0\.02$", lines[2]);
        Assert.Matches(@"^st-gs +1 +1\.000 ± 0\.043 +- +3\.000 +- +- +-$", lines[3]);
        // One without a temperature has none in its row.
        Assert.Matches(@"^zgr +3\.000 ± 0\.043 +- +3\.000 +- +- +-$", lines[4]);
        Assert.Equal(
        [
            "reference reinforce, 6 passes: squared norm of the gradient 2.5 ± 0.25",
            "Proposition 3 at temperature 0.5: E var[ST-GS | D] = 8 ± 0.4, var[GR] = 2 ± 0.1",
            "  K = 1: measured 10.5, line 10, difference 0.5 ± 0.2",
            "  K = 10: measured 2.75, line 2.8, difference -0.05 ± 0.01",
            "  K = ∞: measured 2.125, line 2, difference 0.12 ± 0.02",
            "st-gs: least mean squared error at temperature 0.512 (95 %: 0.4 to 0.61)",
            SuggestedTemperature.Warning,
        ], lines[^7..]);
    }

    [Fact]
    public void ALineThroughTwoPointsHasNoDifferences_AndWhatWasNotMeasuredIsNotSaid()
    {
        var decomposition = new MinibatchDecomposition(0.5, new(8, 0.4), new(2, 0.1),
            [new(1, 10, 10, new(0, 0.2)), new(10, 2.8, 2.8, new(0, 0.01))]);
        var result = new VaeGradientResult(700, 2, new() { ReferencePasses = 0 }, [Row("st-gs", 0.5, 10)], [decomposition]);
        var text = VaeGradientTable.Text(result);
        Assert.StartsWith("2-ary, step 700, batch size 20, 50 minibatches, 20 passes", text, StringComparison.Ordinal);
        Assert.EndsWith("\nProposition 3 at temperature 0.5: E var[ST-GS | D] = 8 ± 0.4, var[GR] = 2 ± 0.1", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("\nreference ", text, StringComparison.Ordinal);
    }

    // What has no value has an empty cell.
    [Fact]
    public void AFileForOtherProgramsHasARowOfEachStudy()
    {
        var first = new VaeGradientResult(null, 2, new(), [Row("zgr", 0.5, 10)], []);
        var second = new VaeGradientResult(700, 8, new(), [Row("st-gs", 0.5, 100) with { MinibatchTrace = new(-1, 2) }], []);
        string[] lines =
        [
            "arity,step,estimator,temperature,log10-trace,log10-trace-error,trace,trace-error,minibatch-trace,"
                + "minibatch-trace-error,squared-bias,squared-bias-error,mse,mse-error,scale-free-error,scale-free-error-error",
            "2,,zgr,0.5,1,0.0434,10,1,1000,1,,,,,,",
            "8,700,st-gs,0.5,2,0.0434,100,10,-1,2,,,,,,",
        ];
        Assert.Equal(string.Join('\n', lines) + "\n", VaeGradientTable.Csv([first, second]));
    }

    private static VaeGradientMeasurement Row(string name, double temperature, double trace) => new()
    {
        Estimator = EstimatorName.Parse(name),
        Temperature = temperature,
        Trace = new(trace, trace / 10),
        MinibatchTrace = new(1000, 1),
    };
}
