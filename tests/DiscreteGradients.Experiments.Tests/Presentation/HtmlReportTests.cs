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

    private static (string Shown, string Folded) Parts(string page)
    {
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..];
        var fold = body.IndexOf("<details>", StringComparison.Ordinal);
        return fold < 0 ? (body, "") : (body[..fold], body[fold..]);
    }
}
