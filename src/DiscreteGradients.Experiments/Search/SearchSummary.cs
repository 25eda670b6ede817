using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>How far a search is, from its folder.</summary>
/// <param name="Cells">In the order of the grid.</param>
/// <param name="Workers">That live.</param>
/// <param name="StepsLeft">Training steps not done yet, of the trials that have not ended; null where the data that say how
/// many they are are not at hand.</param>
/// <param name="Failures">Trials that were given up, with the reason.</param>
internal sealed record SearchSummary(
    IReadOnlyList<CellSummary> Cells, IReadOnlyList<WorkerState> Workers, double? StepsLeft, double StepsPerSecond, string Unit, IReadOnlyDictionary<string, string> Failures)
{
    public int Ended => Cells.Sum(cell => cell.Completed + cell.Diverged + cell.Pruned + cell.Failed);

    public int Trials => Cells.Sum(cell => cell.Trials);

    /// <summary>Of training, at the present rate; null where nothing trains. Evaluations come on top.</summary>
    public TimeSpan? TimeLeft => StepsPerSecond > 0 && StepsLeft is { } steps ? TimeSpan.FromSeconds(Math.Min(steps / StepsPerSecond, 1e9)) : null;

    public static SearchSummary Of(SearchFolder search)
    {
        var workers = WorkerRegistration.All(search.Workers).Where(worker => worker.Lives).Select(worker => worker.State).ToList();
        var running = workers.Where(worker => worker.Trial is not null).Select(worker => worker.Trial!).ToHashSet(StringComparer.Ordinal);
        var states = SearchIndex.Load(search);
        var left = StepsLeft(search, states) - workers.Where(worker => worker.Activity == Activity.Training).Sum(worker => worker.Done);
        var cells = states.GroupBy(state => state.Trial.Cell).Select(cell => new CellSummary(
            cell.Key.Name,
            cell.Count(),
            Count(cell, RunStatus.Completed),
            Count(cell, RunStatus.Diverged),
            Count(cell, RunStatus.Pruned),
            Count(cell, RunStatus.Failed),
            cell.Count(state => running.Contains(state.Trial.Path)),
            Agenda.Best(cell, state => state.Record, search.Task.HigherIsBetter)?.Record!.Validation!.Value,
            cell.Any(state => state.Final is not null))).ToList();
        var failures = states.Where(state => state.Record?.Status == RunStatus.Failed).ToDictionary(state => state.Trial.Path, state => state.Record!.Reason ?? "", StringComparer.Ordinal);
        return new(cells, workers, left is { } steps ? Math.Max(0, steps) : null, workers.Sum(worker => worker.StepsPerSecond), search.Task.Unit, failures);
        static double? StepsLeft(SearchFolder search, IEnumerable<TrialState> states)
        {
            try
            {
                var steps = states.Where(state => state.Record is null).Sum(state => (double)search.Plan(state.Trial).Steps);
                search.Plans.Save();
                return steps;
            }
            catch (InputException)
            {
                return null;
            }
        }

        static int Count(IEnumerable<TrialState> cell, RunStatus status) => cell.Count(state => state.Record?.Status == status);
    }
}

/// <param name="Completed">Trained and validated.</param>
/// <param name="Diverged">Ended by a loss that was no number.</param>
/// <param name="Pruned">Left behind by successive halving.</param>
/// <param name="Best">The best validation score; null where there is none.</param>
/// <param name="IsReported">Whether its best was put to the test set.</param>
internal sealed record CellSummary(string Cell, int Trials, int Completed, int Diverged, int Pruned, int Failed, int Running, double? Best, bool IsReported);
