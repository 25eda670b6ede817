using System.Text;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>The columns that text takes in a terminal.</summary>
internal static class Cells
{
    /// <summary>Counts them.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>Cuts a text that is too wide, with an ellipsis at its end.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width) return text;
        var (kept, used) = (new StringBuilder(), 1);
        foreach (var rune in text.EnumerateRunes().TakeWhile(rune => (used += Width(rune)) <= width))
            kept.Append(rune.ToString());
        return kept.Append('…').ToString();
    }

    /// <summary>Fills a text up with spaces on the right, or on the left.</summary>
    public static string Pad(string text, int width, bool onTheLeft = false)
    {
        var spaces = new string(' ', Math.Max(0, width - Width(text)));
        return onTheLeft ? spaces + text : text + spaces;
    }

    /// <summary>Lays words out on as many lines as they need.</summary>
    public static IEnumerable<string> Wrap(IEnumerable<string> words, string separator, int width)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && Width(line + separator + word) > width)
            {
                yield return line + separator.TrimEnd();
                line = "";
            }
            line += (line.Length > 0 ? separator : "") + word;
        }
        if (line.Length > 0) yield return line;
    }

    /// <summary>Breaks the lines that are too wide between words.</summary>
    public static string WrapLines(string text, int width) =>
        string.Join('\n', text.Split('\n').SelectMany(line => Width(line) <= width ? [line] : Wrap(line.Split(' '), " ", width)));

    /// <summary>Draws the part of work that is done.</summary>
    /// <param name="part">0 to 1.</param>
    public static string Bar(double part, int width)
    {
        var full = (int)(Math.Clamp(part, 0, 1) * width);
        return new string('█', full) + new string('░', width - full);
    }

    // East Asian wide characters and pictures.
    private static int Width(Rune rune) =>
        rune.Value is >= 0x1100 and <= 0x115f or >= 0x2e80 and <= 0xa4cf or >= 0xac00 and <= 0xd7a3
        or >= 0xf900 and <= 0xfaff or >= 0xfe30 and <= 0xfe6f or >= 0xff00 and <= 0xff60 or >= 0xffe0 and <= 0xffe6 or >= 0x1f300
            ? 2 : 1;
}
