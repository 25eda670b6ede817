using System.Reflection;
using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The end of a training run; every task adds what it found.</summary>
internal abstract record TrainingResult
{
    [JsonRequired]
    [JsonPropertyOrder(-1)]
    public RunStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    [JsonRequired]
    [JsonPropertyOrder(-1)]
    public int Steps { get; init; }

    /// <summary>Mean training objective of the last logged steps, in the task's unit; null if it is no number.</summary>
    [JsonPropertyOrder(-1)]
    public double? Loss { get; init; }

    /// <summary>Version of the program, with the commit.</summary>
    [JsonRequired]
    [JsonPropertyOrder(1)]
    public string Version { get; init; } = ProgramVersion.Text;

    /// <summary>Tells whether the loss or a validation stopped being a finite number.</summary>
    [JsonIgnore]
    public bool HasDiverged => Status == RunStatus.Diverged;
}

/// <summary>The ways in which a run, or a trial of a search, can end.</summary>
internal enum RunStatus
{
    Completed,

    /// <summary>The loss or a validation stopped being a finite number; as a trial it counts.</summary>
    Diverged,

    /// <summary>Left behind at a rung of successive halving.</summary>
    Pruned,

    /// <summary>The program could not run it, tried several times.</summary>
    Failed,
}

/// <summary>Version and commit of this build.</summary>
internal static class ProgramVersion
{
    /// <summary>The version, for example 0.1.0+1a2b3c4….</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
