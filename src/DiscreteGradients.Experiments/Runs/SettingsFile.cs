using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Settings as a file states them, TOML or JSON by its ending, or as a search gives them to a trial.</summary>
/// <param name="Source">Named in errors; empty where the caller names it.</param>
internal sealed record SettingsFile(JsonObject Values, string Source)
{
    private DocumentLines? Lines { get; init; }

    /// <summary>Reads the settings that a file holds.</summary>
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
            if (reason.Contains(nameof(TomlSerializerOptions), StringComparison.Ordinal))
                reason = "its values are nested too deep.";
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
        error.Key is { } key && Lines?.Find(key) is { } path
            ? new(Invariant($"{Source}: line {Lines[path]}: {error.Message}"), error) { Key = key }
            : error;

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

/// <summary>The lines of a JSON or TOML document on which its keys stand, by path, as in "grid[0].arity"; the same key
/// twice is refused on the way.</summary>
internal sealed class DocumentLines
{
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    private DocumentLines()
    {
    }

    /// <summary>The line of a key, from 1; null where it is not known.</summary>
    public int? this[string path] => lines.TryGetValue(path, out var line) ? line : null;

    /// <summary>The first path that is a key's, at the top if it is there; null where there is none.</summary>
    public string? Find(string key) =>
        lines.ContainsKey(key) ? key : lines.Keys.FirstOrDefault(path => path.EndsWith($".{key}", StringComparison.Ordinal));

    /// <summary>The path of a key in another's value.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>The lines of a JSON text.</summary>
    /// <exception cref="InputException">It is no JSON, or has a key twice.</exception>
    public static DocumentLines OfJson(string text, string source)
    {
        var found = new DocumentLines();
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            // Path of each open container, with the number of the next element where it is an array.
            var open = new Stack<(string Path, int Next, bool IsArray)>();
            var key = "";
            var (line, counted) = (1, 0);
            while (reader.Read())
            {
                line += bytes.AsSpan(counted, (int)reader.TokenStartIndex - counted).Count((byte)'\n');
                counted = (int)reader.TokenStartIndex;
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    key = Join(open.Peek().Path, reader.GetString()!);
                    found.Add(key, line, source);
                    continue;
                }
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    open.Pop();
                    continue;
                }
                if (open.TryPop(out var parent))
                {
                    if (parent.IsArray) key = Invariant($"{parent.Path}[{parent.Next}]");
                    open.Push(parent with { Next = parent.Next + 1 });
                    if (parent.IsArray) found.Add(key, line, source);
                }
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    open.Push((key, 0, reader.TokenType == JsonTokenType.StartArray));
            }
            return found;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException(string.IsNullOrWhiteSpace(text)
                ? $"{source}: it is empty."
                : Invariant($"{source}: line {Line(e)}: this is no JSON."), e);
        }
        static long Line(Exception e) => ((e as JsonException)?.LineNumber ?? 0) + 1;
    }

    /// <summary>The lines of a TOML text.</summary>
    /// <exception cref="InputException">It has a key twice.</exception>
    public static DocumentLines OfToml(string text, string source)
    {
        var found = new DocumentLines();
        var document = SyntaxParser.Parse(text);
        found.Add("", document.KeyValues, source);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in document.Tables)
        {
            var name = Name(table.Name);
            if (table is TableArraySyntax)
            {
                var number = counts[name] = counts.GetValueOrDefault(name, -1) + 1;
                name = Invariant($"{name}[{number}]");
            }
            found.Add(name, table.Span.Start.Line + 1, source);
            found.Add(name, table.Items, source);
        }
        return found;
    }

    private void Add(string path, IEnumerable<KeyValueSyntax> pairs, string source)
    {
        foreach (var pair in pairs)
        {
            var key = Join(path, Name(pair.Key));
            Add(key, pair.Span.Start.Line + 1, source);
            Add(key, pair.Value, source);
        }
    }

    private void Add(string path, ValueSyntax? value, string source)
    {
        if (value is InlineTableSyntax table)
            Add(path, table.Items.Select(item => item.KeyValue).OfType<KeyValueSyntax>(), source);
        if (value is not ArraySyntax array) return;
        foreach (var (i, item) in array.Items.Index()) Add(Invariant($"{path}[{i}]"), item.Value, source);
    }

    private void Add(string path, int line, string source)
    {
        if (!lines.TryAdd(path, line)) throw new InputException(
            Invariant($"{source}: line {line}: {path} is given twice, first on line {lines[path]}; expected once."));
    }

    private static string Name(KeySyntax? key) =>
        key is null ? "" : string.Join('.', key.DotKeys.Select(item => Text(item.Key)).Prepend(Text(key.Key)));

    private static string Text(BareKeyOrStringValueSyntax? key) => key switch
    {
        StringValueSyntax quoted => quoted.Value ?? "",
        BareKeySyntax bare => bare.Key?.Text ?? "",
        _ => "",
    };
}
