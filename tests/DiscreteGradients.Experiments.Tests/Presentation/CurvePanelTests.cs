using DiscreteGradients.Experiments.Presentation;
using ScottPlot.Plottables;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class CurvePanelTests
{
    private static readonly CurveStyle Style = CurveStyle.Of(EstimatorName.Parse("gr"));

    [Fact]
    public void OnLogarithmicAxesPointsAndErrorsAreLogarithms_AndWhatHasNoneIsLeftOut()
    {
        var panel = new CurvePanel("title", "x", "y");
        panel.LogarithmicX();
        panel.LogarithmicY();
        panel.Add(Style, [(0.1, new Estimate(1000, 10)), (1, null), (10, new Estimate(-1, 1)), (100, new Estimate(10, double.NaN))]);
        // d log₁₀ y = dy/(y ln 10); an error that is not known is none.
        Shows(panel, [-1, 2], [3, 1], [0.01 / Math.Log(10), 0]);
    }

    [Fact]
    public void OnLinearAxesPointsAndErrorsAreAsTheyAre()
    {
        var panel = new CurvePanel("title", "x", "y");
        panel.Add(Style, [(0, new Estimate(-2, 0.5)), (1, new Estimate(double.NaN, 1)), (4, new Estimate(3, 0.25))]);
        Shows(panel, [0, 4], [-2, 3], [0.5, 0.25]);
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(21, 0)]
    public void ManyPointsHaveNoMarkers(int count, float size)
    {
        var panel = new CurvePanel("title", "x", "y");
        panel.Add(Style, [(1, null)]);
        Assert.Empty(panel.Plot.GetPlottables<Scatter>());
        panel.Add(Style, Enumerable.Range(0, count).Select(i => ((double)i, (Estimate?)new Estimate(i, 1))));
        Assert.Equal(size, Assert.Single(panel.Plot.GetPlottables<Scatter>()).MarkerSize);
    }

    private static void Shows(CurvePanel panel, double[] x, double[] y, double[] errors)
    {
        var points = Assert.Single(panel.Plot.GetPlottables<Scatter>()).Data.GetScatterPoints();
        var bars = Assert.Single(panel.Plot.GetPlottables<ErrorBar>());
        Near(x, points.Select(point => point.X));
        Near(y, points.Select(point => point.Y));
        Near(x, bars.Xs);
        Near(y, bars.Ys);
        Near(errors, bars.YErrorPositive!);
        Near(errors, bars.YErrorNegative!);
    }

    private static void Near(double[] expected, IEnumerable<double> actual)
    {
        double[] numbers = [.. actual];
        Assert.Equal(expected.Length, numbers.Length);
        Assert.All(expected.Zip(numbers), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
