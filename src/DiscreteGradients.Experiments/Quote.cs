using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments;

/// <summary>Text of a user or a file within a message of one line.</summary>
internal static class Quote
{
    private const int MostCharacters = 40;

    /// <summary>The text between apostrophes, cut where it is long; what has no shape of its own is shown by its code.</summary>
    public static string Of(ReadOnlySpan<char> text) =>
        text.Length > MostCharacters ? $"'{Visible(text[..MostCharacters])}…'" : $"'{Visible(text)}'";

    /// <summary>The text with control characters and all spaces but the plain one as codes, such as U+00A0.</summary>
    public static string Visible(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (HasShape(character)) shown.Append(character);
            else shown.Append(CultureInfo.InvariantCulture, $"U+{(int)character:X4}");
        }
        return shown.ToString();
    }

    /// <summary>The same of several lines.</summary>
    public static string VisibleLines(string text) => string.Join('\n', text.Split('\n').Select(line => Visible(line)));

    private static bool HasShape(char character) => character == ' ' || char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}

/// <summary>Names that somebody may have meant.</summary>
internal static class Spelling
{
    /// <summary>The name nearest to a word, by letters changed, left out, put in or swapped with a neighbour; null where more
    /// than two letters of five would change.</summary>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        var best = names.Select(name => (Name: name, Changes: Changes(word, name))).DefaultIfEmpty((Name: "", Changes: int.MaxValue)).MinBy(pair => pair.Changes);
        return best.Changes <= Math.Max(1, word.TrimStart('-').Length * 2 / 5) ? best.Name : null;
    }

    /// <summary>The end of a sentence about a wrong word: "; did you mean 'x'?" or a full stop.</summary>
    public static string Hint(string word, IEnumerable<string> names) => Nearest(word, names) is { } name ? $"; did you mean '{name}'?" : ".";

    // The distance of Damerau and Levenshtein between neighbours (optimal string alignment), row by row.
    private static int Changes(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray(), new int[to.Length + 1]);
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[^1];
    }
}
