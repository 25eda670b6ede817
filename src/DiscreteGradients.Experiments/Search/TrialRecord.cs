using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>A trial that has ended: its trial.json.</summary>
internal sealed record TrialRecord
{
    /// <summary>How.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>What the trial varies: the grid's values, the draws and the seed.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>What it is selected by; null where it has no result.</summary>
    public Score? Validation { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Of the program, with the commit.</summary>
    public required string Version { get; init; }
}
