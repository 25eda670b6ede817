using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class HtmlReportTests
{
    [Fact]
    public void TheDetailsOfATableAreFolded()
    {
        var table = new Table([new("name", true), new("seed", false, IsDetail: true), new("bound", false)], [["gr", "17", "98.5"]]);
        var (shown, folded) = Parts(new HtmlReport("title").Table(table).Page());
        Assert.Contains("<td class=\"words\">gr</td><td>98.5</td>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("17", shown, StringComparison.Ordinal);
        Assert.Contains("<td class=\"words\">gr</td><td>17</td><td>98.5</td>", folded, StringComparison.Ordinal);
        Assert.Empty(Parts(new HtmlReport("title").Table(table.Short()).Page()).Folded);
    }

    [Fact]
    public void TheNameOfACellCanBeBrokenAfterAComma() =>
        Assert.Contains("<td class=\"words\">arity=2,<wbr>estimator=gr</td>", new Table([new("cell", true)], [["arity=2,estimator=gr"]]).Html(), StringComparison.Ordinal);

    [Fact]
    public void WhatIsEmptyIsLeftOut_AndWhatIsThereIsText()
    {
        var page = new HtmlReport("a < b").Conclusions([]).Facts([("seed", "7"), ("data", ""), ("launcher", null),
            ("name", "<b>")])
            .Chart(new("none", "x", "y")).Lines("one\n <two>").Page();
        Assert.Contains("<title>a &lt; b</title>", page, StringComparison.Ordinal);
        Assert.Contains("<dl>\n<dt>seed</dt><dd>7</dd>\n<dt>name</dt><dd>&lt;b&gt;</dd>\n</dl>\n", page,
            StringComparison.Ordinal);
        Assert.Contains("<pre>one\n &lt;two&gt;</pre>\n", page, StringComparison.Ordinal);
        // What shows the values of charts is there where there is a chart.
        foreach (var absent in new[] { "conclusion\">", HtmlChart.Class, "<script>" })
            Assert.DoesNotContain(absent, page, StringComparison.Ordinal);
        var chart = new HtmlChart("some", "x", "y").Add("curve", CurveStyle.Of("curve", 0), [(1, new(2, 0.5))]);
        Assert.Contains("<script>", new HtmlReport("title").Chart(chart).Page(), StringComparison.Ordinal);
        Assert.Contains("<ul class=\"conclusion\">\n<li>one</li>\n<li>two</li>\n</ul>\n", new HtmlReport("title")
            .Conclusions(["one", "two"]).Page(), StringComparison.Ordinal);
    }

    private static (string Shown, string Folded) Parts(string page)
    {
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..];
        var fold = body.IndexOf("<details>", StringComparison.Ordinal);
        return fold < 0 ? (body, "") : (body[..fold], body[fold..]);
    }
}
