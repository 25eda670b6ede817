using DiscreteGradients.Experiments.Tradeoff;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Tradeoff;

public sealed class TradeoffStudyTests
{
    // Both sides are draws: |z| below 5 has a false alarm of 6e-7 under the normal law.
    [Fact]
    public void VarianceAndBiasArePartsOfTheExactGradientsSquaredLength()
    {
        const int Draws = 200;
        var name = EstimatorName.Parse("st");
        var settings = new TradeoffSettings { Arities = [8], Estimators = [name], Draws = Draws, Seconds = 0.01, Seed = 1 };
        var row = TradeoffStudy.Measure(settings).Single();

        using var scope = NewDisposeScope();
        using var problem = new TradeoffProblem(8, settings.Seed);
        var gradient = problem.Gradient(name, settings.Temperature);
        using var generator = new Generator(99);
        var draws = stack(Enumerable.Range(0, Draws).Select(_ => gradient(generator).to(ScalarType.Float64)));
        var (exact, mean) = (problem.Exact(), draws.mean([0]));
        var length = SquaredLength(exact);
        var trace = SquaredLength(draws.sub(mean)) / (Draws - 1);
        Close(trace / length, row.Trace);
        Close((SquaredLength(mean.sub(exact)) - trace / Draws) / length, row.SquaredBias);
        // The bias is there to be seen: ten errors from none.
        Assert.True(row.SquaredBias.Value > 10 * row.SquaredBias.Error, $"{row}");

        static void Close(double value, Estimate expected) =>
            Assert.InRange((value - expected.Value) / (expected.Error * Math.Sqrt(2)), -5, 5);
    }

    private static double SquaredLength(Tensor gradient) => gradient.Squared().sum().item<double>();
}
