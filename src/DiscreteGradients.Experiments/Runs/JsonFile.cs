using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The one way in which JSON is read from files. Whatever a file holds, it is read or named in one line.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file; default where it is missing.</summary>
    /// <exception cref="InputException">It holds something else.</exception>
    public static T? Read<T>(string path) => File.Exists(path) ? Parse<T>(InputFile.ReadText(path), path) : default;

    /// <summary>Reads a file that is a cache, or can be made again: default where it is missing or holds something
    /// else.</summary>
    public static T? ReadOrDefault<T>(string path)
        where T : class => Attempt.ToRead(() => Read<T>(path)).FirstOrDefault();

    /// <exception cref="InputException">One holds something else; it is named by its number.</exception>
    public static IEnumerable<T> Lines<T>(string path) => Read<T>(path, InputFile.ReadText(path));

    /// <summary>The lines of a log. A last line that has no end is one that is being written, or was when its process was
    /// killed: it is left out.</summary>
    /// <exception cref="InputException">One holds something else; it is named by its number.</exception>
    public static IEnumerable<T> LogLines<T>(string path) => Read<T>(path, LogText(path));

    private static string LogText(string path)
    {
        var text = InputFile.ReadText(path);
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    private static IEnumerable<T> Read<T>(string path, string text) =>
        Split(path, text).Select(line => Parse<T>(line.Text, line.Source));

    private static IEnumerable<(string Text, string Source)> Split(string path, string text) =>
        text.Split('\n').Index().Where(line => line.Item.AsSpan().Trim().Length > 0)
        .Select(line => (line.Item, Invariant($"{path}, line {line.Index + 1}")));

    /// <summary>Reads the lines of a log of which none depends on another: those that can be read, and none of a file that
    /// cannot.</summary>
    internal static IReadOnlyList<T> ReadableLines<T>(string path) =>
    [
        .. from text in Attempt.ToRead(() => LogText(path))
           from line in Split(path, text)
           from read in Attempt.ToRead(() => Parse<T>(line.Text, line.Source))   // else cut off in the middle, or damaged
           select read,
    ];

    /// <exception cref="InputException">It is no JSON, has a key twice, or is something else than a
    /// <typeparamref name="T"/>.</exception>
    internal static T Parse<T>(string text, string source)
    {
        try
        {
            // What this program writes has no null, which the serializer takes for an element of any list.
            if (!text.Contains("null", StringComparison.Ordinal)
                && JsonSerializer.Deserialize<T>(text, JsonText.Line) is { } read) return read;
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
        if (found is null) return;
        var line = lines?[found.Path] is { } number ? Invariant($"line {number}: ") : "";
        throw new InputException($"{(source.Length > 0 ? $"{source}: " : "")}{line}{found.Message}",
            lines is null ? found.Path : null);
    }

    /// <summary>Tells whether an error is one that the reader of JSON throws where a value does not fit its type.</summary>
    internal static bool IsOfConversion(Exception e) =>
        e is JsonException or InvalidOperationException or FormatException or OverflowException or NotSupportedException;

    private static bool IsOfInput(Exception e) =>
        IsOfConversion(e) || e is InputException or ArgumentException;
}

/// <summary>The first place in which a document does not say what a type holds, in the words of the document.</summary>
/// <param name="Message">What was found and what is expected.</param>
internal sealed record JsonCheck(string Path, string Message)
{
    private const int MostShown = 60;

    /// <summary>Looks for it; null where the document fits.</summary>
    /// <param name="isPart">Whether required keys may be missing.</param>
    public static JsonCheck? Of(JsonNode? node, Type type, bool isPart = false) => Look(node, type, "", isPart);

    private static JsonCheck? Look(JsonNode? node, Type type, string path, bool isPart)
    {
        if (node is null && Nullable.GetUnderlyingType(type) is not null) return null;
        var info = JsonText.Line.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        return (info.Kind, node) switch
        {
            (_, null) => new(path, $"{Subject(path)} is null; expected {Expected(info)}."),
            (JsonTypeInfoKind.Object, JsonObject given) when info.PolymorphismOptions is null => Keys(given, info, path, isPart),
            (JsonTypeInfoKind.Dictionary, JsonObject given) =>
                First(given.Select(pair => (pair.Value, DocumentLines.Join(path, pair.Key))), info.ElementType!),
            (JsonTypeInfoKind.Enumerable, JsonArray given) =>
                First(given.Select((item, i) => (item, Invariant($"{path}[{i}]"))), info.ElementType!),
            (JsonTypeInfoKind.None or JsonTypeInfoKind.Object, _) => Value(node, info, path),
            _ => Unfit(node, info, path),
        };
    }

    private static JsonCheck? First(IEnumerable<(JsonNode? Node, string Path)> items, Type type) =>
        items.Select(item => Look(item.Node, type, item.Path, isPart: false)).FirstOrDefault(found => found is not null);

    private static JsonCheck? Keys(JsonObject given, JsonTypeInfo info, string path, bool isPart)
    {
        var known = info.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        foreach (var (key, value) in given)
        {
            var place = DocumentLines.Join(path, key);
            if (!known.TryGetValue(key, out var property)) return new(place, Unknown(key, path, known.Keys));
            if (value is null && IsNullable(property)) continue;
            if (Look(value, property.PropertyType, place, isPart: false) is { } found) return found;
        }
        var missing = isPart
            ? null
            : info.Properties.FirstOrDefault(property => property.IsRequired && !given.ContainsKey(property.Name));
        return missing is null ? null : new(path,
            $"{(path.Length == 0 ? "it" : path)} lacks {missing.Name}; expected {Expected(JsonText.Line.GetTypeInfo(missing.PropertyType))}.");
    }

    private static bool IsNullable(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsSetNullable && property.AssociatedParameter is null or { IsNullable: true };

    private static string Unknown(string key, string path, IReadOnlyCollection<string> known)
    {
        var place = path.Length == 0 ? "" : $" in {Quote.Visible(path)}";
        return Spelling.Setting(key.Length <= MostShown ? key : "", known) is { } nearest
            ? $"there is no key {Quote.Of(key)}{place}; did you mean '{nearest}'?"
            : $"there is no key {Quote.Of(key)}{place}; expected one of {string.Join(", ", known)}.";
    }

    private static JsonCheck? Value(JsonNode node, JsonTypeInfo info, string path)
    {
        if (info.Type == typeof(JsonNode)) return null;
        if (info.Type == typeof(JsonObject)) return node is JsonObject ? null : Unfit(node, info, path);
        try
        {
            node.Deserialize(info.Type, JsonText.Line);
            return null;
        }
        catch (InputException e)
        {
            return new(path, e.Message);   // the type says itself what is wrong
        }
        catch (Exception e) when (JsonFile.IsOfConversion(e))
        {
            return Unfit(node, info, path);
        }
    }

    private static JsonCheck Unfit(JsonNode node, JsonTypeInfo info, string path) =>
        new(path, $"{Subject(path)} is {Shown(node)}; expected {Expected(info)}.");

    private static string Subject(string path) => path.Length == 0 ? "it" : Quote.Visible(path);

    private static string Shown(JsonNode value)
    {
        var text = value.ToJsonString(JsonText.Line);
        return Quote.Visible(text.Length <= MostShown ? text : text[..MostShown] + "…");
    }

    private static string Expected(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type == typeof(JsonNode)) return "a value";
        if (type == typeof(string) || type == typeof(EstimatorName)) return "text in quotes";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(ulong)) return "a whole number of at least 0";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double)) return "a number";
        if (type.IsEnum) return string.Join(" or ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));
        return info.Kind == JsonTypeInfoKind.Enumerable ? "a list" : "keys with values";
    }
}
