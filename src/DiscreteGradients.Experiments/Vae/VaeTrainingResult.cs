using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>How a run ended.</summary>
public sealed record VaeTrainingResult
{
    /// <summary>How the run ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean training objective of the last logged steps, nats; null if it is no number.</summary>
    public double? Loss { get; init; }

    /// <summary>The last bound on the validation images used while training, nats; null if there is none.</summary>
    public double? ValidationBound { get; init; }

    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>How it was made binary.</summary>
    public required string Binarisation { get; init; }

    /// <summary>Version of the program, with the commit.</summary>
    public required string Version { get; init; }

    /// <summary>Whether the loss stopped being a number.</summary>
    [JsonIgnore]
    public bool HasDiverged => Status == RunStatus.Diverged;
}
