using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Experiments.Tests.Paper;

public sealed class Figure1Tests
{
    /// <summary>ST-GS is GR-MC1 in law: of the same noise the two would be equal to the bit, and the error of their difference
    /// would be none of independent estimates.</summary>
    [Fact]
    public void TheTwoVariancesAreOfNoiseOfTheirOwn()
    {
        var settings = new Figure1Settings { Samples = 1, Draws = 40, RaoDraws = 40, Temperatures = [0.5] };
        var point = Figure1.Measure(settings, [0.5, 0.3, 0.2], 5);
        Assert.NotEqual(point.StraightThrough[0]!.Value, point.GumbelRao[0]!.Value);
        Assert.Equal(point.StraightThrough[0]!.Value - point.GumbelRao[0]!.Value, point.Difference[0], 1e-12);
        Assert.Equal(point.Difference, Figure1.Measure(settings, [0.5, 0.3, 0.2], 5).Difference);
        Assert.NotEqual(point.Difference, Figure1.Measure(settings, [0.5, 0.3, 0.2], 6).Difference);
    }
}
