using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>How a run ended.</summary>
public sealed record ListOpsTrainingResult
{
    /// <summary>How the run ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean cross-entropy of the last logged steps, nats; null if it is no number.</summary>
    public double? Loss { get; init; }

    /// <summary>On the validation expressions after the last whole epoch, 0 to 1; null if there was none.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The best of the epochs, 0 to 1; null if there was none.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>Which epoch, counted from 1.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Expressions trained on.</summary>
    public required int TrainingExpressions { get; init; }

    /// <summary>Expressions validated on.</summary>
    public required int ValidationExpressions { get; init; }

    /// <summary>The data set.</summary>
    public required string Data { get; init; }

    /// <summary>Version of the program, with the commit.</summary>
    public required string Version { get; init; }

    /// <summary>Whether the loss stopped being a number.</summary>
    [JsonIgnore]
    public bool HasDiverged => Status == RunStatus.Diverged;
}
