using System.Globalization;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class HtmlChartTests
{
    [Fact]
    public void ManyCurvesOfOneEstimatorAreAllDrawn_AndTheFirstOfThemAreToldApart()
    {
        var name = EstimatorName.Parse("gr-mc:10:antithetic");
        var dashes = Enumerable.Range(0, 30).Select(variant =>
        {
            var html = new HtmlChart("title", "x", "y").Add("curve", CurveStyle.Of(name, variant), [(1, new(1, 0.1)), (2, new(2, 0.1))]).Html();
            return Regex.Match(html, "stroke-dasharray=\"([^\"]*)\"").Groups[1].Value;
        }).ToList();
        Assert.All(dashes, dash => Assert.All(dash.Split(' '), part => Assert.True(int.Parse(part, System.Globalization.CultureInfo.InvariantCulture) > 0, dash)));
        Assert.Equal(7, dashes.Take(7).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void AxesRunToTheRightAndUpwards_LinearOrByEqualRatios()
    {
        var linear = Places(new("title", "x", "y"), [(1, new(10, double.NaN)), (2, new(20, double.NaN)), (4, new(40, double.NaN))]);
        AssertSteps(linear, second: 2);
        var logarithmic = new HtmlChart("title", "x", "y") { IsLogarithmicX = true, IsLogarithmicY = true };
        AssertSteps(Places(logarithmic, [(1, new(5, double.NaN)), (10, new(50, double.NaN)), (100, new(500, double.NaN))]), second: 1);

        // Places are rounded to a tenth.
        static void AssertSteps(List<(double X, double Y)> places, double second)
        {
            Assert.Equal(3, places.Count);
            Assert.True(places[0].X < places[1].X && places[0].Y > places[1].Y);
            Assert.Equal(second * (places[1].X - places[0].X), places[2].X - places[1].X, 0.4);
            Assert.Equal(second * (places[1].Y - places[0].Y), places[2].Y - places[1].Y, 0.4);
        }
    }

    [Fact]
    public void ABarIsAnErrorUpAndAnErrorDown()
    {
        (double X, Estimate Y)[] points = [(1, new(10, 2)), (2, new(20, 4))];
        var chart = new HtmlChart("title", "x", "y");
        var places = Places(chart, points);
        var bars = Bars(chart);
        Assert.Equal(2, bars.Count);
        var unit = (places[0].Y - places[1].Y) / 10;
        foreach (var (place, (top, bottom), error) in places.Zip(bars, points.Select(point => point.Y.Error)))
        {
            Assert.Equal(place.Y - error * unit, top, 0.3);
            Assert.Equal(place.Y + error * unit, bottom, 0.3);
        }
    }

    [Fact]
    public void OnALogarithmicAxisABarThatWouldReachZeroEndsAtItsPoint_AndWhatIsNotAboveZeroIsLeftOut()
    {
        var chart = new HtmlChart("title", "x", "y") { IsLogarithmicX = true, IsLogarithmicY = true };
        var places = Places(chart, [(1, new(10, 20)), (10, new(100, 1)), (0, new(5, 1)), (20, new(-5, 1)), (30, new(double.NaN, 1))]);
        Assert.Equal(2, places.Count);
        // Up to 30, of a decade from one point to the other.
        var (top, bottom) = Bars(chart)[0];
        Assert.Equal(places[0].Y, bottom, 0.2);
        Assert.Equal(places[0].Y - Math.Log10(3) * (places[0].Y - places[1].Y), top, 0.3);
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(41, 0)]
    public void ManyPointsHaveNeitherMarkersNorBars(int count, int marked)
    {
        var chart = new HtmlChart("title", "x", "y");
        Assert.Equal(marked, Places(chart, Enumerable.Range(1, count).Select(i => ((double)i, new Estimate(i, 0.5)))).Count);
        Assert.Equal(marked, Bars(chart).Count);
    }

    private static List<(double Top, double Bottom)> Bars(HtmlChart chart) =>
        [.. Regex.Matches(chart.Html(), "<path d=\"M[0-9.]+ ([0-9.]+)V([0-9.]+)\"/>").Select(bar => (Number(bar, 1), Number(bar, 2)))];

    private static List<(double X, double Y)> Places(HtmlChart chart, IEnumerable<(double X, Estimate Y)> points)
    {
        chart.Add("curve", CurveStyle.Of(EstimatorName.Parse("gr")), points);
        return [.. Regex.Matches(chart.Html(), "<circle cx=\"([0-9.]+)\" cy=\"([0-9.]+)\" r=\"3\"").Select(match => (Number(match, 1), Number(match, 2)))];
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
