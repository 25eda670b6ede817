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

    /// <summary>The text as in <see cref="Visible"/>, but its line ends stay.</summary>
    public static string VisibleLines(string text) => string.Join('\n', text.Split('\n').Select(line => Visible(line)));

    /// <summary>The text as one word of a command to be copied: in apostrophes where a shell would read it otherwise.</summary>
    public static string Word(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || "/._-+=,:@%\\".Contains(letter))
        ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool HasShape(char character) => character == ' ' || char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
