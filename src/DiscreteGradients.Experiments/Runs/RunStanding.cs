using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The contents of a run folder, seen from the run that is to have it.</summary>
/// <param name="There">The settings in the folder; null where it holds no run.</param>
/// <param name="Here">The settings that were asked for.</param>
internal sealed record RunStanding(string Path, JsonObject? There, JsonObject Here)
{
    /// <summary>The name of the file of the settings.</summary>
    internal const string FileName = "settings.json";

    private const string DataKey = "data", ChecksumKey = "data-checksum";
    private readonly IReadOnlyList<SettingDifference> differences =
        There is null ? [] : SettingDifference.Between(There, Here,
            StudyGrid.IsWithin(There, Here) || StudyGrid.IsWithin(Here, There)
                ? [DataKey, ChecksumKey, StudyGrid.Key] : [DataKey, ChecksumKey]);

    /// <summary>Reads what is there.</summary>
    /// <param name="isPart">Whether the settings are a part of those there, and the rest is not looked at.</param>
    /// <exception cref="InputException">The settings there are damaged.</exception>
    public static RunStanding Of(string path, object settings, bool isPart = false)
    {
        var there = JsonFile.Read<JsonObject>(System.IO.Path.Combine(path, FileName));
        var here = JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();
        if (isPart && there is not null)
        {
            foreach (var (key, _) in there.ToList().Where(pair => !here.ContainsKey(pair.Key))) there.Remove(key);
        }
        return new(path, there, here);
    }

    /// <summary>Tells whether the run asked for is the one in the folder with more steps or epochs.</summary>
    public bool IsLonger => differences is [{ Key: var key }] && RunLength.Keys.Contains(key)
        && RunLength.Of(Here)?.Value > RunLength.Of(There!)?.Value;

    /// <summary>Tells whether a study is there that has these temperatures and more.</summary>
    public bool IsWider => There is not null && differences.Count == 0
        && StudyGrid.IsWithin(Here, There) && !StudyGrid.IsWithin(There, Here);

    /// <summary>Tells whether a run of other settings or data is there that diverged, or what is left of one that makes room:
    /// nobody goes on with it, and it makes room.</summary>
    public bool MakesRoom => HasDiverged && (There is null || Obstacle is not null);

    /// <summary>Why the run cannot have the folder; null where it can.</summary>
    public InputException? Refusal => HasDiverged ? null : Obstacle;

    /// <summary>The settings that differ, with both values.</summary>
    public string Text => SettingDifference.Text(differences);

    private bool HasDiverged =>
        JsonFile.ReadOrDefault<JsonObject>(System.IO.Path.Combine(Path, "result.json"))?["status"]?.ToString()
            == JsonText.Word(RunStatus.Diverged);

    private InputException? Obstacle => There is null ? null
        : differences.Count > 0 && !IsLonger ? InputException.Naming(
            $"{Path} holds a run of other settings: {Text}; expected another {new Setting("out")}, or {Wanted} to go on.")
        : DataSource.Refusal(There[ChecksumKey]?.ToString(), $"{Here[ChecksumKey]}", $"{Here[DataKey]}");

    private string Wanted => SettingDifference.Wanted(differences);
}

/// <summary>A setting in which what is there and what was asked for differ.</summary>
/// <param name="Key">As a file has it; of a setting within another with the path to it.</param>
/// <param name="There">Its value there, as text.</param>
/// <param name="Here">Its value here, as text.</param>
internal sealed record SettingDifference(string Key, string There, string Here)
{
    private const string Nothing = "not given";
    private const int MostNamed = 4, MostShown = 60;

    /// <summary>The differences of two documents, in the order of the second.</summary>
    /// <param name="but">Keys that are left out.</param>
    public static IReadOnlyList<SettingDifference> Between(JsonObject there, JsonObject here, params IReadOnlyList<string> but)
    {
        return [.. Look("", there, here).Where(difference => !but.Contains(difference.Key))];

        static IEnumerable<SettingDifference> Look(string path, JsonObject there, JsonObject here) =>
            here.Concat(there).Select(pair => pair.Key).Distinct(StringComparer.Ordinal)
                .SelectMany(key => OfKey(DocumentLines.Join(path, key), there[key], here[key]));

        static IEnumerable<SettingDifference> OfKey(string path, JsonNode? there, JsonNode? here) => (there, here) switch
        {
            (JsonObject a, JsonObject b) => Look(path, a, b),
            var (a, b) => JsonNode.DeepEquals(a, b) ? [] : [new SettingDifference(path, Shown(a), Shown(b))],
        };
    }

    /// <summary>Writes differences as in "temperature is 0.5 there and 0.3 here".</summary>
    public static string Text(IReadOnlyList<SettingDifference> differences)
    {
        var named = differences.Take(MostNamed)
            .Select(one => $"{Quote.Visible(one.Key)} is {one.There} there and {one.Here} here");
        if (differences.Count > MostNamed) named = named.Append(Invariant($"and {differences.Count - MostNamed} more"));
        return string.Join(", ", named);
    }

    /// <summary>Says what would have to be asked for to go on with what is there.</summary>
    public static string Wanted(IReadOnlyList<SettingDifference> differences) =>
        differences is [var one] && one.There != Nothing
            ? $"{Quote.Visible(one.Key)} {one.There}" : "the settings that are there";

    private static string Shown(JsonNode? value)
    {
        if (value is null) return Nothing;
        var text = value is JsonArray list ? string.Join(',', list.Select(Text)) : Text(value);
        return Quote.Visible(text.Length <= MostShown ? text : text[..MostShown] + "…");
        static string Text(JsonNode? part) => part is JsonValue ? part.ToString() : part?.ToJsonString(JsonText.Line) ?? "null";
    }
}

/// <summary>The temperatures of a study of gradients, each of which is measured apart: one with more of them is the same study,
/// continued.</summary>
internal static class StudyGrid
{
    private const string Study = "settings", Temperatures = "temperatures";

    /// <summary>The path of the setting.</summary>
    public const string Key = $"{Study}.{Temperatures}";

    /// <summary>Tells whether a study's temperatures are all among another's, in whatever order.</summary>
    public static bool IsWithin(JsonObject study, JsonObject other) =>
        Of(study) is { } some && Of(other) is { } all && some.IsSubsetOf(all);

    private static HashSet<string>? Of(JsonObject study) =>
        study[Study] is JsonObject settings && settings[Temperatures] is JsonArray grid
        ? grid.Select(one => one?.ToJsonString() ?? "").ToHashSet(StringComparer.Ordinal) : null;
}

/// <summary>The length of a run, in the unit of its setting: steps or epochs. A run that has come to its end can be made
/// longer.</summary>
internal sealed record RunLength(string Key, long Value)
{
    /// <summary>The settings that say it; each kind of run has one of them.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["steps", "epochs"];

    /// <summary>The length in settings; null where they have none.</summary>
    public static RunLength? Of(JsonObject settings) =>
        Keys.FirstOrDefault(settings.ContainsKey) is { } key && settings[key] is JsonValue value
            && value.TryGetValue<long>(out var length)
            ? new(key, length)
            : null;

    /// <summary>Writes the length as in "30-steps", a name of a folder.</summary>
    public override string ToString() => Invariant($"{Value}-{Key}");
}
