using System.Text.Json;
using System.Text.Json.Nodes;
using Tomlyn;
using Tomlyn.Model;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Files of settings, TOML or JSON, by their ending.</summary>
public static class SettingsFile
{
    /// <summary>What the file holds.</summary>
    /// <exception cref="InputException">Missing, unreadable, or no object.</exception>
    public static JsonObject Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: no such file.");
        try
        {
            var text = InputFile.ReadText(path);
            return Path.GetExtension(path).Equals(".toml", StringComparison.OrdinalIgnoreCase)
                ? Toml(text)
                : JsonNode.Parse(text)?.AsObject() ?? throw new JsonException("null; expected an object.");
        }
        catch (Exception e) when (e is JsonException or TomlException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>A TOML document.</summary>
    /// <exception cref="TomlException">It is none.</exception>
    public static JsonObject Toml(string text) => JsonSerializer.SerializeToNode(TomlSerializer.Deserialize<TomlTable>(text))!.AsObject();

    /// <summary><paramref name="defaults"/> with what the file says in its place.</summary>
    /// <exception cref="InputException">Missing, unreadable, or a setting that there is not.</exception>
    public static TSettings Read<TSettings>(string path, TSettings defaults) => Overlay(defaults, Read(path), path);

    /// <summary><paramref name="defaults"/> with what <paramref name="given"/> says in its place.</summary>
    /// <param name="defaults">Any settings.</param>
    /// <param name="given">Settings by name.</param>
    /// <param name="source">Named in errors.</param>
    /// <exception cref="InputException">A setting that there is not, or a value that it cannot take.</exception>
    public static TSettings Overlay<TSettings>(TSettings defaults, JsonObject given, string source)
    {
        try
        {
            var all = JsonSerializer.SerializeToNode(defaults, JsonText.Line)!.AsObject();
            foreach (var (name, value) in given) all[name] = value?.DeepClone();
            return all.Deserialize<TSettings>(JsonText.Line)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"{source}: {e.Message}", e);
        }
    }
}
