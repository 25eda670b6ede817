
namespace DiscreteGradients.Experiments.Search;

/// <summary>The tasks of this program that are searched over.</summary>
internal static class SearchTasks
{
    /// <summary>Each by the name that a search's file gives it.</summary>
    public static IReadOnlyDictionary<string, Func<ITrialTask>> All { get; } = new Dictionary<string, Func<ITrialTask>>(StringComparer.Ordinal)
    {
        ["vae"] = () => new VaeTrials(),
        ["listops"] = () => new ListOpsTrials(),
    };
}
