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
        // The least over all factors of the gradient, 1 − ⟨m, r⟩²/(‖r‖²(‖m‖² + tr cov)).
        var along = (mean * exact).sum().item<double>();
        Close(1 - along * along / (length * (SquaredLength(mean) - trace / Draws + trace)), row.ScaleFreeError);
        // The bias is there to be seen: ten errors from none.
        Assert.True(row.SquaredBias.Value > 10 * row.SquaredBias.Error, $"{row}");

        static void Close(double value, Estimate expected) =>
            Assert.InRange((value - expected.Value) / (expected.Error * Math.Sqrt(2)), -5, 5);
    }

    [Fact]
    public void EachArityHasARowOfEachEstimator_WithTheDrawsTheTemperatureAndTheSeedAskedFor()
    {
        var settings = new TradeoffSettings
        {
            Arities = [8, 2],
            Estimators = EstimatorName.ParseList("gs,st"),
            Temperature = 0.7,
            Draws = 20,
            Seconds = 0.001,
            Seed = 5,
        };
        var told = new List<(double Part, string What)>();
        var rows = TradeoffStudy.Measure(settings, (part, what) => told.Add((part, what)));
        Assert.Equal(["8 gs", "8 st", "2 gs", "2 st"], rows.Select(row => $"{row.Arity} {row.Estimator}"));
        foreach (var row in rows)
        {
            using var problem = new TradeoffProblem(row.Arity, 5);
            using var exact = problem.Exact();
            var gradient = problem.Gradient(row.Estimator, 0.7);
            var study = new GradientStudy((_, generator) => gradient(generator)) { Draws = 20, Seed = 5 };
            var summary = study.Compare([new Reinforce()], exact)[0];
            var length = SquaredLength(exact);
            Assert.Equal(summary.Trace.Value / length, row.Trace.Value, 1e-9 * row.Trace.Value);
            Assert.Equal(summary.Trace.Error / length, row.Trace.Error, 1e-9 * row.Trace.Error);
            Assert.Equal(summary.SquaredBias!.Value.Value / length, row.SquaredBias.Value, 1e-9 * row.Trace.Value);
            Assert.True(row.Milliseconds is { Low: > 0 } times && times.Low <= times.Median && times.Median <= times.High);
            // In seconds it would be less: a gradient of 12,800 logits takes some fifth of a millisecond.
            Assert.True(row.Milliseconds.Low > 0.02, $"{row}");
        }
        Assert.Equal(told.Select(one => one.Part).Order(), told.Select(one => one.Part));
        Assert.Equal((0.125, "arity 8, variance"), told[0]);
        Assert.Equal((1, "arity 2, time"), told[^1]);
    }

    [Fact]
    public void EachColumnHoldsWhatItsNameSays()
    {
        using var folder = new TemporaryFolder();
        var settings = new TradeoffSettings { Arities = [8], Temperature = 0.25, Draws = 21, Seed = 3 };
        TradeoffRow[] rows =
        [
            new(8, EstimatorName.Parse("gr-mc:10"), new(1.5, 2.25, 4), new(0.125, 0.0025), new(0.05, 0.01), new(0.75, 0.03)),
            new(8, EstimatorName.Parse("gr-mc:100"), new(10, 12, 15), new(0.0625, 0.001), new(-0.01, 0.02), new(0.5, 0.04)),
        ];
        Assert.Matches(@"^gr-mc:10 +8 +2\.250 +0\.1250 ± 0\.0025 +0\.0500 ± 0\.0100 +0\.7500 ± 0\.0300$", TradeoffFigure.Text(rows).Split('\n')[1]);
        TradeoffFigure.Save(rows, settings, folder.FullPath);
        Assert.Equal(
            "arity,temperature,estimator,milliseconds,milliseconds-low,milliseconds-high,relative-variance,relative-variance-error,"
            + "relative-squared-bias,relative-squared-bias-error,scale-free-error,scale-free-error-error,draws,seed\n"
            + "8,0.25,gr-mc:10,2.25,1.5,4,0.125,0.0025,0.05,0.01,0.75,0.03,21,3\n"
            + "8,0.25,gr-mc:100,12,10,15,0.0625,0.001,-0.01,0.02,0.5,0.04,21,3\n", File.ReadAllText(folder.At("cost.csv")));
    }

    /// <summary>Between the first and the last K, powers of ten alone; where another family is shown, none.</summary>
    [Fact]
    public void APointIsLabelledWithItsK()
    {
        using var folder = new TemporaryFolder();
        var names = EstimatorName.ParseList("gr-mc:3,gr-mc:10,gr-mc:30,gr-mc:60,gr");
        TradeoffRow[] rows = [.. names.Select((name, i) => new TradeoffRow(8, name, new(1 + i, 2 + i, 4 + i),
            new(0.5 / (i + 1), 0.01), new(0.05, 0.01), new(0.75, 0.03)))];
        TradeoffFigure.Save(rows, new() { Arities = [8], Temperature = 0.25 }, folder.FullPath);
        foreach (var name in new[] { "cost", "cost-gr-mc" })
            Assert.Equal(["3", "10", "60"], Labels(name).Distinct(StringComparer.Ordinal).OrderBy(k => k.Length)
                .ThenBy(k => k, StringComparer.Ordinal));
        Assert.Empty(Labels("cost-gr"));

        IEnumerable<string> Labels(string name) =>
            System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(folder.At(name + ".svg")), @">\s*K = (\d+)\s*</text>")
                .Select(match => match.Groups[1].Value);
    }

    private static double SquaredLength(Tensor gradient) => gradient.Squared().sum().item<double>();
}
