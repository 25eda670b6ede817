using System.Buffers;
using System.Text;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Text from records within Markdown: it stays text, whatever it holds.</summary>
internal static class MarkdownText
{
    private static readonly SearchValues<string> Targets = SearchValues.Create(["](", "]["], StringComparison.Ordinal);

    /// <summary>A part of a paragraph.</summary>
    public static string Of(string text) => Escaped(text, "|`[]!\\");

    /// <summary>The cell of a table. Nothing precedes or follows it, so that brackets without a target, as in [20, 80, 8], are no
    /// link.</summary>
    public static string Cell(string text) =>
        text.AsSpan().ContainsAny(Targets) ? Of(text) : Escaped(text, "|`!\\");

    /// <summary>The content of a code span, or a line of an indented block: nothing in it is read but what ends it.</summary>
    public static string Code(string text) => Quote.Visible(text).Replace('`', '\'');

    /// <summary>The target of a link.</summary>
    public static string Target(string path) =>
        string.Concat(path.Select(character => char.IsControl(character) || " ()<>\"|\\`[]#?%".Contains(character)
            ? Uri.EscapeDataString($"{character}") : $"{character}"));

    /// <summary>The Markdown that somebody wrote into a file, on an empty line; nothing where there is none.</summary>
    public static string OfFile(string path) => File.Exists(path) ? $"\n{InputFile.ReadText(path).TrimEnd()}\n" : "";

    private static string Escaped(string text, string marks)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in Quote.Visible(text))
        {
            escaped.Append(character switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                _ => marks.Contains(character) ? $"\\{character}" : $"{character}",
            });
        }
        return escaped.ToString();
    }
}
