using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests.Fuzzing;

/// <summary>A JSON document as TOML; null, which TOML has not, is written as it is.</summary>
internal static class TomlText
{
    public static string Of(JsonNode? document) => document is JsonObject keys
        ? string.Concat(keys.Select(pair => $"{Key(pair.Key)} = {Value(pair.Value)}\n"))
        : Value(document);

    private static string Value(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject keys => $"{{ {string.Join(", ", keys.Select(pair => $"{Key(pair.Key)} = {Value(pair.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Value))}]",
        _ => node.ToJsonString(),
    };

    private static string Key(string key) => JsonSerializer.Serialize(key);
}
