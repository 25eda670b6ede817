using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The sizes of a search's trials, each kind of trial once: plans.json in its folder, a cache, so that who asks for
/// the time left need not have the data.</summary>
internal sealed class SearchPlans(string folder, Func<Trial, ITrialRun> runOf)
{
    private readonly Dictionary<string, TrialPlan> plans = Read(folder);
    private bool isNew;

    private static string PathIn(string folder) => Path.Combine(folder, "plans.json");

    /// <summary>The size of a trial.</summary>
    /// <exception cref="InputException">It depends on the data, and they are missing.</exception>
    public TrialPlan this[Trial trial]
    {
        get
        {
            var run = runOf(trial);
            lock (plans)
            {
                if (plans.TryGetValue(run.PlanKey, out var known)) return known;
                isNew = true;
                return plans[run.PlanKey] = run.Plan();
            }
        }
    }

    /// <summary>Keeps what was found; nothing is lost where it cannot be.</summary>
    public void Save()
    {
        lock (plans)
        {
            if (!isNew) return;
            isNew = false;
            try
            {
                RunFolder.WriteJson(folder, "plans.json", plans);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
            {
                // A reader may not be allowed to write.
            }
        }
    }

    private static Dictionary<string, TrialPlan> Read(string folder)
    {
        var read = JsonFile.ReadOrDefault<Dictionary<string, TrialPlan>>(PathIn(folder)) ?? [];
        var good = read.Values.All(plan => plan is { Steps: >= 1, ValidationInterval: >= 1 });
        return new(good ? read : [], StringComparer.Ordinal);
    }
}
