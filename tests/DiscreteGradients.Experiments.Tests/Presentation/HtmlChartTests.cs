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
}
