using DiscreteGradients.Experiments.Reports;

namespace DiscreteGradients.Experiments.Tests.Reports;

public sealed class ReportTableTests
{
    private const string Hostile = "<script>alert(1)</script> | `a` ![x](y) & \u001b[31m\nend";
    private static readonly ReportTable Table = new(Hostile, [Hostile], [Hostile, "plain"], [[Hostile, "plain"]]);

    [Fact]
    public void InMarkdownATextStaysAText()
    {
        var lines = Table.Markdown().TrimEnd('\n').Split('\n');
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
        var html = Table.Html();
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(5, html.Split("&lt;script&gt;").Length - 1);
    }
}
