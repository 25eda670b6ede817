using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The progress of a search, from its folder.</summary>
/// <param name="Cells">The cells, in the order of the grid.</param>
/// <param name="Workers">The workers that live.</param>
/// <param name="Best">The cell with the best validation score so far; null where there is none.</param>
/// <param name="Work">The work done and left; null where the data are not at hand that say how large the trials are.</param>
/// <param name="Failures">Trials that were given up, with the reason.</param>
internal sealed record SearchSummary(IReadOnlyList<CellSummary> Cells, IReadOnlyList<WorkerState> Workers, CellSummary? Best,
    SearchCosts? Work, string Unit, IReadOnlyDictionary<string, string> Failures)
{
    private const double MostSeconds = 1e9;

    public int Ended => Cells.Sum(cell => cell.Ended);

    public int Trials => Cells.Sum(cell => cell.Trials);

    /// <summary>The part of all work that is done, 0 to 1: of its time as far as that is known, else of its steps, else of its
    /// trials.</summary>
    public double Part =>
        Work is null ? (double)Ended / Trials : Work is { Done: 0, Left: 0 } ? 1 : Work.Done / (Work.Done + Work.Left);

    /// <summary>The time left with the workers that are at work; null where it is not known, or none is.</summary>
    public TimeSpan? TimeLeft =>
        Cells.Sum(cell => cell.Running) is var running && (running == 0 || Work is not { AreSeconds: true, Left: > 0 }) ? null
        : TimeSpan.FromSeconds(Math.Min(Math.Max(Work!.Left / running, Work.Longest), MostSeconds));

    public static SearchSummary Of(SearchFolder search)
    {
        var workers = WorkerRegistration.All(search.Workers).Where(worker => worker.Lives).Select(worker => worker.State)
            .ToList();
        var running = workers.Where(worker => worker.Trial is not null).Select(worker => worker.Trial!)
            .ToHashSet(StringComparer.Ordinal);
        var states = SearchIndex.Load(search);
        var cells = states.GroupBy(state => state.Trial.Cell).Select(cell => new CellSummary(
            cell.Key.Name,
            cell.Key.Values,
            cell.Count(),
            Count(cell, RunStatus.Completed),
            Count(cell, RunStatus.Diverged),
            Count(cell, RunStatus.Pruned),
            Count(cell, RunStatus.Failed),
            cell.Count(state => running.Contains(state.Trial.Path)),
            Agenda.Best(cell, state => state.Record, search.Task.HigherIsBetter)?.Record!.Validation!.Value,
            Agenda.Final([.. cell], search.Task.HigherIsBetter) is not null)).ToList();
        var failures = states.Where(state => state.Record?.Status == RunStatus.Failed)
            .ToDictionary(state => state.Trial.Path, state => state.Record!.Reason ?? "", StringComparer.Ordinal);
        var best = cells.Where(cell => cell.Best is not null)
            .OrderBy(cell => cell.Best!.Value * (search.Task.HigherIsBetter ? -1 : 1)).FirstOrDefault();
        return new(cells, workers, best, Costs(search, states, workers), search.Task.Unit, failures);

        static int Count(IEnumerable<TrialState> cell, RunStatus status) => cell.Count(state => state.Record?.Status == status);
    }

    private static SearchCosts? Costs(SearchFolder search, IReadOnlyList<TrialState> states, IReadOnlyList<WorkerState> workers)
    {
        try
        {
            var costs = SearchCosts.Of(states, workers, trial => search.Plan(trial).Steps, search.Spec.Evaluation.FinalOfAll,
                search.Task.HigherIsBetter, search.Spec.Halving, trial =>
                    search.Spec.Halving?.Rungs.LastOrDefault(rung => search.RungOf(trial, rung) is not null) ?? 0);
            search.Plans.Save();
            return costs;
        }
        catch (InputException)
        {
            return null;
        }
    }
}

/// <summary>The progress of one cell.</summary>
/// <param name="Values">The settings that the grid gives it.</param>
/// <param name="Completed">Trained and validated.</param>
/// <param name="Diverged">Ended by a loss that was no number.</param>
/// <param name="Pruned">Left behind by successive halving.</param>
/// <param name="Best">The best validation score; null where there is none.</param>
/// <param name="IsReported">Whether all trials have ended and the best was put to the test set.</param>
internal sealed record CellSummary(string Cell, JsonObject Values, int Trials, int Completed, int Diverged, int Pruned,
    int Failed, int Running, double? Best, bool IsReported)
{
    /// <summary>Trials that have ended, however.</summary>
    public int Ended => Completed + Diverged + Pruned + Failed;
}
