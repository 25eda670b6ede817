using System.Globalization;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>One training of a search.</summary>
/// <param name="Cell">The point of the grid.</param>
/// <param name="Index">Which of the cell's trials, from 0.</param>
/// <param name="Settings">What differs from the task's defaults.</param>
internal sealed record Trial(Cell Cell, int Index, JsonObject Settings)
{
    /// <summary>The trial's folder below the search's trials/.</summary>
    public string Path { get; } = System.IO.Path.Combine(Cell.Name, Index.ToString("D4", CultureInfo.InvariantCulture));
}

/// <summary>One point of a search's grid.</summary>
/// <param name="Name">As in "arity=8,batch-size=20,estimator=gr-mc-100": also the name of its folder.</param>
/// <param name="Values">The settings that the grid gives.</param>
internal sealed record Cell(string Name, JsonObject Values)
{
    /// <summary>Names the values.</summary>
    public static Cell Of(JsonObject values) => new(NameOf(values), values);

    /// <summary>The name with the settings in alphabetical order: that of the cell in whatever order a grid gives them.</summary>
    public string SortedName => NameOf(Values.OrderBy(pair => pair.Key, StringComparer.Ordinal));

    /// <summary>A value as text; null where the grid does not vary it.</summary>
    public string? this[string setting] => Values[setting]?.ToString();

    private static string NameOf(IEnumerable<KeyValuePair<string, JsonNode?>> values) =>
        string.Join(',', values.Select(pair => $"{pair.Key}={FileName(pair.Value!)}")) is { Length: > 0 } name ? name : "all";

    private static string FileName(JsonNode value) => value.ToString().Replace(':', '-').Replace('/', '-').Replace('\\', '-');
}

/// <summary>A trial that has ended: its trial.json.</summary>
internal sealed record TrialRecord
{
    public required RunStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>The settings that the trial varies: the grid's values, the draws and the seed.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>The score that the trial is selected by; null where it has no result.</summary>
    public Score? Validation { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    public required string Version { get; init; }
}

/// <summary>The report of a selected trial: its final.json.</summary>
/// <param name="Validation">The score that the trial was selected by.</param>
internal sealed record FinalRecord(Score Validation, Score Test, string Version);

/// <summary>A model's result on a split.</summary>
/// <param name="Value">A bound in nats, or an accuracy in percent.</param>
/// <param name="StandardError">Over the examples, in the same unit.</param>
/// <param name="Samples">M of a bound; 1 for an accuracy.</param>
internal sealed record Score(double Value, double StandardError, int Samples, int Examples);

/// <summary>The records of a trial.</summary>
/// <param name="Record">The record; null while the trial has not ended.</param>
/// <param name="Final">The report; null while there is none.</param>
/// <param name="Cost">The time of the trial; null while it has not ended.</param>
internal sealed record TrialState(Trial Trial, TrialRecord? Record, FinalRecord? Final, TrialCost? Cost = null);
