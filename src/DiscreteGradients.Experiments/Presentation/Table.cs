using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>A table of texts: in a terminal, a document, a page, or a file for other programs.</summary>
/// <param name="Rows">The cells, [rows][columns].</param>
internal sealed record Table(IReadOnlyList<Table.Column> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The heading of a page of the table.</summary>
    public string Name { get; init; } = "";

    /// <summary>The paragraphs above the table, in Markdown and HTML.</summary>
    public IReadOnlyList<string> Caption { get; init; } = [];

    /// <summary>Makes a row of each item; the first column is of words.</summary>
    public static Table Of<T>(IEnumerable<T> items, params IReadOnlyList<Column<T>> columns) => new(
        [.. columns.Select((column, i) => new Column(column.Name, i == 0 || column.IsOfWords, column.IsDetail))],
        [.. items.Select(item => (string[])[.. columns.Select(column => column.Cell(item))])]);

    /// <summary>The table without the columns of details.</summary>
    public Table Short()
    {
        List<int> kept = [.. Columns.Index().Where(column => !column.Item.IsDetail).Select(column => column.Index)];
        return this with
        {
            Columns = [.. kept.Select(i => Columns[i])],
            Rows = [.. Rows.Select(row => (IReadOnlyList<string>)[.. kept.Select(i => row[i])])],
        };
    }

    /// <summary>The table for a terminal, without name, caption or a line's end after the last row.</summary>
    public string Plain(bool isHeaded = true)
    {
        var lines = isHeaded ? [.. Lines()] : Rows;
        var widths = Columns.Select((_, i) => lines.Select(row => row[i].Length).DefaultIfEmpty().Max()).ToList();
        return string.Join('\n', lines.Select(row => string.Join("  ", row.Select((cell, i) =>
            Columns[i].IsOfWords ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd()));
    }

    /// <summary>The caption and the table in Markdown.</summary>
    public string Markdown(Rule rule)
    {
        var text = new StringBuilder();
        foreach (var paragraph in Caption) text.Append(MarkdownText.Of(paragraph)).Append("\n\n");
        var dashes = new string('-', 3);
        var rules = Columns.Select(column => rule == Rule.Aligned && !column.IsOfWords ? dashes + ':' : dashes);
        var lines = Lines().Select(row => $"| {string.Join(" | ", row.Select(MarkdownText.Cell))} |\n").ToList();
        lines.Insert(1, rule == Rule.Tight ? $"|{string.Join('|', rules)}|\n" : $"| {string.Join(" | ", rules)} |\n");
        return text.AppendJoin("", lines).ToString();
    }

    /// <summary>A Markdown document of the name, the caption and the table.</summary>
    public string MarkdownPage() => $"# {MarkdownText.Of(Name)}\n\n{Markdown(Rule.Bare)}";

    /// <summary>The headings and the rows as RFC 4180 has them.</summary>
    public string Csv()
    {
        return string.Concat(Lines().Select(row => string.Join(',', row.Select(Quoted)) + "\n"));
        static string Quoted(string cell) =>
            cell.AsSpan().IndexOfAny(",\"\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The table as an element of a page.</summary>
    public string Html()
    {
        return $"<table>\n{string.Concat(Lines().Select((row, i) => Line(row, i == 0 ? "th" : "td")))}</table>\n";
        string Line(IReadOnlyList<string> row, string tag) => $"<tr>{string.Concat(row.Select((cell, i) =>
            $"<{tag}{(Columns[i].IsOfWords ? " class=\"words\"" : "")}>{Broken(HtmlPage.Text(cell))}</{tag}>"))}</tr>\n";

        // Long names, as in "arity=2,estimator=gr".
        static string Broken(string cell) =>
            cell.Replace(",", ",<wbr>", StringComparison.Ordinal).Replace("<wbr> ", " ", StringComparison.Ordinal);
    }

    /// <summary>A page of the name, the caption and the table.</summary>
    public string Page() =>
        HtmlPage.Of(Name, string.Concat(Caption.Select(HtmlPage.Paragraph)) + $"<div class=\"wide\">{Html()}</div>\n");

    private IEnumerable<IReadOnlyList<string>> Lines() => Rows.Prepend([.. Columns.Select(column => column.Name)]);

    /// <summary>The line below the headings in Markdown. Each document keeps the form that its first version had.</summary>
    public enum Rule
    {
        /// <summary>Columns of numbers are aligned to the right: "| --- | ---: |".</summary>
        Aligned,

        /// <summary>The reader's program decides: "| --- | --- |".</summary>
        Bare,

        /// <summary>The form of <see cref="Bare"/> without spaces: "|---|---|".</summary>
        Tight,
    }

    /// <param name="IsOfWords">Whether it is aligned to the left; numbers are aligned to the right.</param>
    /// <param name="IsDetail">Whether <see cref="Short"/> leaves it out.</param>
    internal sealed record Column(string Name, bool IsOfWords, bool IsDetail = false);
}

/// <summary>A column of a table that is made from items.</summary>
/// <param name="Value">The value of an item's cell, which is empty for null and for no number.</param>
/// <param name="Format">The format of the value, if it is a number.</param>
/// <param name="IsOfWords">Whether the column is aligned to the left.</param>
/// <param name="IsDetail">Whether <see cref="Table.Short"/> leaves it out.</param>
internal sealed record Column<T>(string Name, Func<T, object?> Value, string? Format = null, bool IsOfWords = false,
    bool IsDetail = false)
{
    public string Cell(T item) => Value(item) switch
    {
        null or double.NaN => "",
        IFormattable number => number.ToString(Format, CultureInfo.InvariantCulture),
        var words => $"{words}",
    };
}
