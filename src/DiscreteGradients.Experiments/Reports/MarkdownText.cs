using System.Text;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Text from records within Markdown: it stays text, whatever it holds.</summary>
internal static class MarkdownText
{
    /// <summary>A part of a paragraph, or the cell of a table.</summary>
    public static string Of(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in Quote.Visible(text))
        {
            escaped.Append(character switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '|' or '`' or '[' or ']' or '!' => $"\\{character}",
                _ => $"{character}",
            });
        }
        return escaped.ToString();
    }

    /// <summary>The content of a code span, or a line of an indented block: nothing in it is read but what ends it.</summary>
    public static string Code(string text) => Quote.Visible(text).Replace('`', '\'');

    /// <summary>The target of a link.</summary>
    public static string Target(string path) =>
        string.Concat(path.Select(character => char.IsControl(character) || " ()<>\"|\\`[]".Contains(character) ? Uri.EscapeDataString($"{character}") : $"{character}"));
}
