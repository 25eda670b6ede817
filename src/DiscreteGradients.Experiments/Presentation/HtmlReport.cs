using System.Text;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>A report as a page of its own. Whatever the texts hold, they are shown as text.</summary>
internal sealed class HtmlReport(string title)
{
    private readonly StringBuilder body = new();

    /// <summary>Adds the heading of a part.</summary>
    public HtmlReport Heading(string text) => Add($"<h2>{HtmlPage.Text(text)}</h2>\n");

    /// <summary>Adds a paragraph.</summary>
    public HtmlReport Paragraph(string text) => Add(HtmlPage.Paragraph(text));

    /// <summary>Adds what was found, a sentence each; nothing where nothing was.</summary>
    public HtmlReport Conclusions(IReadOnlyCollection<string> sentences) =>
        sentences.Count == 0 ? this : Add(
            $"<ul class=\"conclusion\">\n{string.Concat(sentences.Select(one => $"<li>{HtmlPage.Text(one)}</li>\n"))}</ul>\n");

    /// <summary>Adds names with their values; those without a value are left out.</summary>
    public HtmlReport Facts(IEnumerable<(string Name, string? Value)> facts) =>
        Add($"<dl>\n{string.Concat(facts.Where(fact => !string.IsNullOrEmpty(fact.Value))
        .Select(fact => $"<dt>{HtmlPage.Text(fact.Name)}</dt><dd>{HtmlPage.Text(fact.Value!)}</dd>\n"))}</dl>\n");

    /// <summary>Adds a table without its columns of details, and folded below it the whole.</summary>
    public HtmlReport Table(Table table)
    {
        var few = table.Short();
        Add(Wide(few));
        return few.Columns.Count == table.Columns.Count
            ? this
            : Add($"<details><summary>All columns</summary>\n{Wide(table)}</details>\n");

        static string Wide(Table table) => $"<div class=\"wide\">{table.Html()}</div>\n";
    }

    /// <summary>Adds a chart, if it has points.</summary>
    public HtmlReport Chart(HtmlChart chart) => Add(chart.Html());

    /// <summary>Adds rows of pictures with their names.</summary>
    public HtmlReport Pictures(IEnumerable<(string Name, byte[] Png)> rows) =>
        Add($"<div class=\"pictures\">\n{string.Concat(rows.Select(row =>
        $"<span>{HtmlPage.Text(row.Name)}</span><img alt=\"{HtmlPage.Text(row.Name)}\" src=\"data:image/png;base64,{Convert.ToBase64String(row.Png)}\">\n"))}</div>\n");

    /// <summary>Adds lines of text as they are.</summary>
    public HtmlReport Lines(string text) =>
        Add($"<pre>{string.Join('\n', text.Split('\n').Select(line => HtmlPage.Text(line)))}</pre>\n");

    /// <summary>Gives the page.</summary>
    public string Page() => HtmlPage.Of(title, body.ToString());

    private HtmlReport Add(string html)
    {
        body.Append(html);
        return this;
    }
}
