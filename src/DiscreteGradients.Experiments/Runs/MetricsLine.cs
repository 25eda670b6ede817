using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>A line of a run's metrics.jsonl.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Values">Everything in the line, the step included.</param>
internal sealed record MetricsLine(int Step, JsonObject Values, string Source)
{
    private const string StepKey = "step";

    /// <summary>The lines of a run folder.</summary>
    /// <exception cref="InputException">There are none, or one is something else.</exception>
    public static IReadOnlyList<MetricsLine> Read(string runFolder)
    {
        var path = Path.Combine(runFolder, "metrics.jsonl");
        if (!File.Exists(path))
            throw new InputException($"{runFolder} has no metrics.jsonl; expected the folder of a training run.");
        return [.. JsonFile.LogLines<JsonObject>(path).Select((values, i) => Of(values, Invariant($"{path}, line {i + 1}")))];
    }

    /// <summary>The finite numbers of the line but the step, by name.</summary>
    public IEnumerable<(string Name, double Value)> Numbers =>
        from pair in Values
        where pair.Key != StepKey && pair.Value?.GetValueKind() == JsonValueKind.Number
        select (pair.Key, (double)pair.Value!);

    /// <summary>A number of the line; null where it has none of that name.</summary>
    /// <exception cref="InputException">It has something else.</exception>
    public double? Number(string name) => Values.ContainsKey(name) ? Get<double>(name) : null;

    /// <summary>A value of the line.</summary>
    /// <exception cref="InputException">It is missing, or something else.</exception>
    public T Get<T>(string name) => JsonFile.Bind<T>(Values[name], null, $"{Source}, is not a line of metrics: {name}");

    private static MetricsLine Of(JsonObject values, string source) =>
        new(JsonFile.Bind<int>(values[StepKey], null, $"{source}, is not a line of metrics: {StepKey}"), values, source);
}
