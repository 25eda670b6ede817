using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class TableTests
{
    private const string Hostile = "<script>alert(1)</script> | `a` ![x](y) & \u001b[31m\nend";
    private static readonly Table Table = new([new(Hostile, true), new("plain", false)], [[Hostile, "plain"]])
    {
        Name = Hostile,
        Caption = [Hostile],
    };

    [Fact]
    public void InMarkdownATextStaysAText()
    {
        var lines = Table.MarkdownPage().TrimEnd('\n').Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.All(lines, line => Assert.False(line.Contains('<', StringComparison.Ordinal) || line.Contains('\u001b', StringComparison.Ordinal), line));
        foreach (var row in new[] { lines[4], lines[6] })
        {
            Assert.Equal(3, row.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|'));
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; \\| \\`a\\` \\!\\[x\\](y) &amp; U+001B\\[31mU+000Aend", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void InHtmlATextStaysAText()
    {
        var html = Table.Page();
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(5, html.Split("&lt;script&gt;").Length - 1);
    }

    [Fact]
    public void AShortTableHasNoDetails() => Assert.Equal("a,c\n1,3\n", Table.Of(
        [1], new("a", row => row), new("b", row => row + 1, IsDetail: true), new("c", row => row + 2)).Short().Csv());

    [Fact]
    public void WhatIsNotKnownIsAnEmptyCell() => Assert.Equal("a\n1.50\n\n\n", Table.Of(
        [1.5, double.NaN, (double?)null], new Column<double?>("a", row => row, "F2")).Csv());

    private static readonly Table Numbers = Table.Of(
        [(Name: "gr-mc:100", Value: (double?)1.25, Note: "a, \"b\""), (Name: "[2, 3]", Value: null, Note: "c")],
        new("estimator", row => row.Name),
        new("bound, nats", row => row.Value, "F1"),
        new("note", row => row.Note, IsOfWords: true));

    [Fact]
    public void InATerminalColumnsAreAsWideAsTheirCells_NumbersToTheRight() => Assert.Equal(
        """
        estimator  bound, nats  note
        gr-mc:100          1.2  a, "b"
        [2, 3]                  c
        """, Numbers.Plain(), ignoreLineEndingDifferences: true);

    [Fact]
    public void CsvQuotesWhatOthersWouldSplit() =>
        Assert.Equal("estimator,\"bound, nats\",note\ngr-mc:100,1.2,\"a, \"\"b\"\"\"\n\"[2, 3]\",,c\n", Numbers.Csv());

    [Fact]
    public void InCsvALineEndWithinACellIsQuoted() =>
        Assert.Equal("a\n\"one\ntwo\"\n", new Table([new("a", true)], [["one\ntwo"]]).Csv());

    [Fact]
    public void MarkdownHasTheRuleAskedFor()
    {
        foreach (var (rule, line) in new[]
        {
            (Table.Rule.Aligned, "| --- | ---: | --- |"),
            (Table.Rule.Bare, "| --- | --- | --- |"),
            (Table.Rule.Tight, "|---|---|---|"),
        })
        {
            Assert.Equal($"| estimator | bound, nats | note |\n{line}\n| gr-mc:100 | 1.2 | a, \"b\" |\n| [2, 3] |  | c |\n", Numbers.Markdown(rule));
        }
    }

    [Theory]
    [InlineData("[a](b)", "\\[a\\](b)")]
    [InlineData("[a][b]", "\\[a\\]\\[b\\]")]
    [InlineData("\\| x", "\\\\\\| x")]
    public void ACellIsNoLinkAndNoSecondCell(string cell, string written) =>
        Assert.EndsWith($"\n| {written} |\n", new Table([new("a", true)], [[cell]]).Markdown(Table.Rule.Bare), StringComparison.Ordinal);

    [Fact]
    public void HtmlHasARowForEachRow() => Assert.Equal(
        """
        <table>
        <tr><th class="words">estimator</th><th>bound, nats</th><th class="words">note</th></tr>
        <tr><td class="words">gr-mc:100</td><td>1.2</td><td class="words">a, &quot;b&quot;</td></tr>
        <tr><td class="words">[2, 3]</td><td></td><td class="words">c</td></tr>
        </table>

        """, Numbers.Html(), ignoreLineEndingDifferences: true);
}
