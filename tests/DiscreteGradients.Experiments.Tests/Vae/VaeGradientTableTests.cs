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

    private static VaeGradientMeasurement Row(string name, double temperature, double trace) => new()
    {
        Estimator = EstimatorName.Parse(name),
        Temperature = temperature,
        Trace = new(trace, trace / 10),
        MinibatchTrace = new(1000, 1),
    };
}
