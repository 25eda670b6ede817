using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The one way in which JSON is read from files. Whatever a file holds, it is read or named in one line.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file; default where it is missing.</summary>
    /// <exception cref="InputException">It holds something else.</exception>
    public static T? Read<T>(string path) => File.Exists(path) ? Parse<T>(InputFile.ReadText(path), path) : default;

    /// <summary>Reads a file that is a cache, or can be made again: default where it is missing or holds something else.</summary>
    public static T? ReadOrDefault<T>(string path)
        where T : class
    {
        try
        {
            return Read<T>(path);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The lines of a file.</summary>
    /// <exception cref="InputException">One holds something else; it is named by its number.</exception>
    public static IEnumerable<T> Lines<T>(string path) => Read<T>(path, InputFile.ReadText(path));

    /// <summary>The lines of a log. A last line that has no end is one that is being written, or was when its process was
    /// killed: it is left out.</summary>
    /// <exception cref="InputException">One holds something else; it is named by its number.</exception>
    public static IEnumerable<T> LogLines<T>(string path)
    {
        var text = InputFile.ReadText(path);
        return Read<T>(path, text[..(text.LastIndexOf('\n') + 1)]);
    }

    private static IEnumerable<T> Read<T>(string path, string text) => text.Split('\n').Index().Where(line => line.Item.AsSpan().Trim().Length > 0)
        .Select(line => Parse<T>(line.Item, Invariant($"{path}, line {line.Index + 1}")));

    /// <summary>The same of a cache: as many lines as can be read, up to the first that cannot.</summary>
    internal static IReadOnlyList<T> ReadableLines<T>(string path)
    {
        var lines = new List<T>();
        try
        {
            foreach (var line in LogLines<T>(path)) lines.Add(line);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            // What follows is made again.
        }
        return lines;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InputException">It is no JSON, has a key twice, or is something else than a <typeparamref name="T"/>.</exception>
    internal static T Parse<T>(string text, string source)
    {
        try
        {
            // What this program writes has no null, which the serializer takes for an element of any list.
            if (!text.Contains("null", StringComparison.Ordinal) && JsonSerializer.Deserialize<T>(text, JsonText.Line) is { } read) return read;
        }
        catch (Exception e) when (IsOfInput(e))
        {
            // Said below, in the words of the document.
        }
        source += " is not readable";
        var lines = DocumentLines.OfJson(text, source);
        return Bind<T>(JsonNode.Parse(text), text.Contains('\n', StringComparison.Ordinal) ? lines : null, source);
    }

    /// <summary>Makes a value of a document.</summary>
    /// <exception cref="InputException">Names the key, its line, what it is, and what is expected.</exception>
    internal static T Bind<T>(JsonNode? document, DocumentLines? lines, string source)
    {
        Check(JsonCheck.Of(document, typeof(T)), lines, source);
        try
        {
            return document.Deserialize<T>(JsonText.Line)!;
        }
        catch (Exception e) when (IsOfInput(e))
        {
            throw new InputException($"{source}: it is none of the files that the program writes there.", e);
        }
    }

    /// <summary>Throws what a check has found.</summary>
    internal static void Check(JsonCheck? found, DocumentLines? lines, string source)
    {
        if (found is not null) throw new InputException($"{(source.Length > 0 ? $"{source}: " : "")}{(lines?[found.Path] is { } line ? Invariant($"line {line}: ") : "")}{found.Message}") { Key = lines is null ? found.Path : null };
    }

    private static bool IsOfInput(Exception e) =>
        e is InputException or JsonException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException or OverflowException;
}
