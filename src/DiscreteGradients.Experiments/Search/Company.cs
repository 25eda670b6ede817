namespace DiscreteGradients.Experiments.Search;

/// <summary>The workers of other machines that seemed to live when a worker found nothing to take. One of them may have been
/// lost a moment ago, with a trial that nobody can take yet: to leave is safe when each has given another sign, or is gone.</summary>
/// <param name="folder">The search's workers/.</param>
internal sealed class Company(string folder)
{
    private readonly Dictionary<string, DateTime> signs = Worker.All(folder).Where(worker => worker.Lives && !worker.State.IsOfThisMachine)
        .ToDictionary(worker => worker.State.Id, worker => Worker.LastSign(folder, worker.State.Id), StringComparer.Ordinal);

    /// <summary>Whether there is nobody left to wait for.</summary>
    public bool IsSettled()
    {
        foreach (var (id, sign) in signs)
        {
            if (Worker.LastSign(folder, id) != sign || !Worker.Lives(folder, id)) signs.Remove(id);
        }
        return signs.Count == 0;
    }
}
