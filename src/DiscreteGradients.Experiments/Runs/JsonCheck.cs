using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The first place in which a document does not say what a type holds, in the words of the document.</summary>
/// <param name="Path">Of the key; empty for the document itself.</param>
/// <param name="Message">What was found and what is expected.</param>
internal sealed record JsonCheck(string Path, string Message)
{
    private const int MostShown = 60;

    /// <summary>Looks for it; null where the document fits.</summary>
    /// <param name="node">The document.</param>
    /// <param name="type">What it is to become.</param>
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
            (JsonTypeInfoKind.Dictionary, JsonObject given) => First(given.Select(pair => (pair.Value, DocumentLines.Join(path, pair.Key))), info.ElementType!),
            (JsonTypeInfoKind.Enumerable, JsonArray given) => First(given.Select((item, i) => (item, Invariant($"{path}[{i}]"))), info.ElementType!),
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
        var missing = isPart ? null : info.Properties.FirstOrDefault(property => property.IsRequired && !given.ContainsKey(property.Name));
        return missing is null ? null : new(path, $"{(path.Length == 0 ? "it" : path)} lacks {missing.Name}; expected {Expected(JsonText.Line.GetTypeInfo(missing.PropertyType))}.");
    }

    private static bool IsNullable(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsSetNullable && property.AssociatedParameter is null or { IsNullable: true };

    private static string Unknown(string key, string path, IReadOnlyCollection<string> known)
    {
        var place = path.Length == 0 ? "" : $" in {Quote.Visible(path)}";
        return Spelling.Nearest(key.Length <= MostShown ? key.ToLowerInvariant() : "", known) is { } nearest
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
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or NotSupportedException)
        {
            return Unfit(node, info, path);
        }
    }

    private static JsonCheck Unfit(JsonNode node, JsonTypeInfo info, string path) => new(path, $"{Subject(path)} is {Shown(node)}; expected {Expected(info)}.");

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
