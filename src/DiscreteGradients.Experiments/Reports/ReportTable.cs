using System.Net;
using System.Text;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>A table of texts with a title and notes, in the three formats.</summary>
/// <param name="Title">One line.</param>
/// <param name="Notes">Sentences above the table.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">As long as the columns.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Notes, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The same table of some rows.</summary>
    public ReportTable Where(Func<IReadOnlyList<string>, bool> wanted) => this with { Rows = [.. Rows.Where(wanted)] };

    /// <summary>A heading, the notes, the table.</summary>
    public string Markdown() => $"# {MarkdownText.Of(Title)}\n\n{Body()}";

    /// <summary>The notes and the table, in Markdown.</summary>
    public string Body()
    {
        var text = new StringBuilder();
        foreach (var note in Notes) text.Append(MarkdownText.Of(note)).Append("\n\n");
        text.Append(Line(Columns)).Append(Line(Columns.Select(_ => "---")));
        foreach (var row in Rows) text.Append(Line(row));
        return text.ToString();
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(MarkdownText.Of))} |\n";
    }

    /// <summary>Headings and rows, no notes (RFC 4180).</summary>
    public string Csv()
    {
        return string.Concat(Rows.Prepend(Columns).Select(row => string.Join(',', row.Select(Quoted)) + "\n"));
        static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A page of its own.</summary>
    public string Html()
    {
        var title = WebUtility.HtmlEncode(Title);
        var text = new StringBuilder($$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{title}}</title>
            <style>body{font-family:sans-serif;margin:2em}td,th{padding:.2em .7em;border-bottom:1px solid #ccc;text-align:right;white-space:nowrap}td:first-child,th:first-child{text-align:left}</style></head>
            <body><h1>{{title}}</h1>

            """);
        foreach (var note in Notes) text.Append($"<p>{WebUtility.HtmlEncode(note)}</p>\n");
        text.Append("<table>\n").Append(Line(Columns, "th"));
        foreach (var row in Rows) text.Append(Line(row, "td"));
        return text.Append("</table>\n</body></html>\n").ToString();
        static string Line(IEnumerable<string> cells, string tag) => $"<tr>{string.Concat(cells.Select(cell => $"<{tag}>{WebUtility.HtmlEncode(cell)}</{tag}>"))}</tr>\n";
    }
}
