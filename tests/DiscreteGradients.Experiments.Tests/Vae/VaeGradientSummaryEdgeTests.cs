using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>What a summary leaves out where its numbers say nothing.</summary>
public sealed class VaeGradientSummaryEdgeTests
{
    private static readonly VaeGradientSettings Settings = new()
    {
        Temperatures = [0.5],
        Minibatches = 20,
        Passes = 3,
        ReferencePasses = 0
    };

    // ST-GS is GR-MC1 in law: both are measurements of one point.
    [Fact]
    public void TwoEstimatorsOfOneKAreNoLine()
    {
        Assert.Empty(Lines("st-gs,gr-mc:1,zgr"));
        Assert.Empty(Lines("gr-mc:10,gr-mc:1000:antithetic,gs"));
        Assert.Single(Lines("st-gs,gr-mc:1,gr-mc:2"));

        static IReadOnlyList<MinibatchDecomposition> Lines(string names)
        {
            var settings = Settings with { Estimators = EstimatorName.ParseList(names) };
            return new VaeGradientSummary(settings, [.. settings.Estimators.Select((name, i) => Unit(name, 0.5, 3 - 0.5 * i))],
                null)
                .Result(7, 4).Lines;
        }
    }

    [Fact]
    public void NothingIsARatioToNoVariance()
    {
        var settings = Settings with { Estimators = EstimatorName.ParseList("st,gs,gr") };
        var rows = new VaeGradientSummary(settings, [Unit("st", 0), Unit("gs", 2), Unit("gr", 0)], null).Result(7, 4).Rows;
        Assert.All(rows, row => Assert.Null(row.TraceRatio));
        // The differences are there all the same, each to the one before.
        Assert.Equal([null, -2.0, 2.0], rows.Select(row => row.TraceDifference?.Value));
        Assert.Equal([null, Math.Log10(2), null], rows.Select(row => row.Log10Trace?.Value));

        static VaeGradientStudy.Measured Unit(string name, double trace) =>
            VaeGradientSummaryEdgeTests.Unit(EstimatorName.Parse(name), 0.5, trace);
    }

    // The variance falls with the temperature and there is no bias.
    [Theory]
    [InlineData(true, 0.3, 0.5, 1.0)]
    [InlineData(true, 0.3, 0.5)]
    [InlineData(false, 0.3, 0.5, 1.0)]
    public void ATemperatureIsSuggestedFromThreeOn_WhereThereIsAReference(bool hasReference, params double[] temperatures)
    {
        var settings = Settings with
        {
            Estimators = EstimatorName.ParseList("st-gs,zgr"),
            Temperatures = temperatures,
            ReferencePasses = hasReference ? 5 : 0,
        };
        var measured = temperatures.Select(temperature => Unit(settings.Estimators[0], temperature, 4 / temperature))
            .Append(Unit(settings.Estimators[1], temperatures[0], 1)).ToList();
        var result = new VaeGradientSummary(settings, measured, hasReference ? measured[0].Products : null).Result(7, 4);
        Assert.Equal(hasReference ? 2.25 : (double?)null, result.ReferenceSquaredNorm?.Value);
        Assert.Equal(hasReference, result.Rows.All(row => row.SquaredBias is { Value: 0 }));
        if (!hasReference || temperatures.Length < 3)
        {
            Assert.Null(result.Suggestions);
            return;
        }
        // ZGR has none, and so no best one.
        var suggestion = Assert.Single(result.Suggestions!);
        Assert.Equal(("st-gs", 1.0, true), ($"{suggestion.Estimator}", suggestion.Temperature, suggestion.AtEdge));
    }

    /// <summary>Ten blocks of two minibatches with equal gradients, of squared norm 2.25, as the reference has.</summary>
    private static VaeGradientStudy.Measured Unit(EstimatorName name, double temperature, double trace)
    {
        double[] products = [.. Enumerable.Repeat(2.25, 100)];
        return new(name, temperature, [.. Enumerable.Repeat(new GradientPart { Traces = [trace, trace],
            SquaredMeans = [2.25, 2.25] }, 10)],
            new() { Products = products, ReferenceProducts = products });
    }
}
