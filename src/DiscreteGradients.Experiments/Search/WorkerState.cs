using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.Search;

/// <summary>What a worker says of itself, a few times a minute.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Host">Where it runs.</param>
/// <param name="Boot">The running system, where that can be told: within one, a lock shows whether the worker lives.</param>
/// <param name="Job">The Slurm job, if any.</param>
/// <param name="Trial">The path of the trial in hand; null between two.</param>
/// <param name="Activity">What it does with it.</param>
/// <param name="Done">Part done.</param>
/// <param name="All">Of the whole.</param>
/// <param name="StepsPerSecond">While training.</param>
internal sealed record WorkerState(string Id, string Host, string? Boot, string? Job, string? Trial, Activity? Activity, double Done, double All, double StepsPerSecond)
{
    /// <summary>Whether it runs, or ran, on this machine since its last start: then its lock tells whether it lives.</summary>
    [JsonIgnore]
    public bool IsOfThisMachine => Boot is not null && Boot == Worker.Boot();
}
