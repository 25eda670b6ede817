using System.Text.Json;
using System.Text.Json.Nodes;
using Tomlyn;
using Tomlyn.Model;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Settings as a file states them, TOML or JSON by its ending, or as a search gives them to a trial.</summary>
/// <param name="Values">By name.</param>
/// <param name="Source">Named in errors; empty where the caller names it.</param>
internal sealed record SettingsFile(JsonObject Values, string Source)
{
    private DocumentLines? Lines { get; init; }

    /// <summary>What a file holds.</summary>
    /// <exception cref="InputException">Missing, unreadable, no keys and values, or a key twice.</exception>
    public static SettingsFile Read(string path)
    {
        var text = InputFile.ReadText(path);
        if (Path.GetExtension(path).Equals(".toml", StringComparison.OrdinalIgnoreCase)) return Toml(text, path);
        var lines = DocumentLines.OfJson(text, path);
        return JsonNode.Parse(text) is JsonObject values
            ? new(values, path) { Lines = lines }
            : throw new InputException($"{path}: line 1: there are no keys; expected settings, as in {{\"seed\": 1}}.");
    }

    /// <summary>A TOML document.</summary>
    /// <exception cref="InputException">It is none, or has a key twice.</exception>
    public static SettingsFile Toml(string text, string source)
    {
        try
        {
            var table = TomlSerializer.Deserialize<TomlTable>(text)!;
            var lines = DocumentLines.OfToml(text, source);
            return new(JsonSerializer.SerializeToNode(table)!.AsObject(), source) { Lines = lines };
        }
        catch (TomlException e)
        {
            var reason = e.Diagnostics is [var first, ..] ? first.Message.Trim() : "this is no TOML";
            if (reason.Contains(nameof(TomlSerializerOptions), StringComparison.Ordinal)) reason = "its values are nested too deep.";
            throw new InputException($"{source}: {(e.Line is { } line ? Invariant($"line {line}: ") : "")}{reason}", e);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new InputException($"{source}: a date, or a number that is none, is no value of a setting.", e);
        }
    }

    /// <summary>The values as a whole.</summary>
    /// <exception cref="InputException">Names the key, its line, what it is, and what is expected.</exception>
    public T As<T>() => JsonFile.Bind<T>(Values, Lines, Source);

    /// <summary>An error with the line of its key, where the file has that key.</summary>
    public InputException Naming(InputException error) =>
        error.Key is { } key && Lines?.Find(key) is { } path ? new(Invariant($"{Source}: line {Lines[path]}: {error.Message}"), error) { Key = key } : error;

    /// <summary><paramref name="defaults"/> with the values in their place.</summary>
    /// <exception cref="InputException">A setting that there is not, or a value that it cannot take.</exception>
    public TSettings Over<TSettings>(TSettings defaults)
    {
        JsonFile.Check(JsonCheck.Of(Values, typeof(TSettings), isPart: true), Lines, Source);
        var all = JsonSerializer.SerializeToNode(defaults, JsonText.Line)!.AsObject();
        foreach (var (name, value) in Values) all[name] = value?.DeepClone();
        return JsonFile.Bind<TSettings>(all, Lines, Source);
    }
}
