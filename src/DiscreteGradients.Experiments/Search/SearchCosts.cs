using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The work of a search in seconds of one worker, done and left. What a trial of a cell takes is learnt from those that have
/// ended: cells differ.</summary>
/// <param name="Left">Seconds; in steps while no time is known.</param>
/// <param name="Longest">The longest part of <see cref="Left"/> that one worker must do alone.</param>
internal sealed record SearchCosts(double Done, double Left, double Longest, bool AreSeconds)
{
    /// <summary>Adds a search up.</summary>
    /// <param name="steps">The steps of a trial.</param>
    /// <param name="isOfAll">Whether every completed trial is reported, not the best of its cell alone.</param>
    public static SearchCosts Of(IReadOnlyList<TrialState> states, IReadOnlyList<WorkerState> workers, Func<Trial, int> steps, bool isOfAll)
    {
        var hands = workers.Where(worker => worker.Trial is not null).ToLookup(worker => worker.Trial!, StringComparer.Ordinal);
        var live = workers.Where(worker => worker.StepsPerSecond > 0 && worker.Activity == Activity.Training).ToList();
        var cells = states.GroupBy(state => state.Trial.Cell).ToList();
        // Of a cell that none has ended of yet: as those at work say, or as the other cells on average.
        var ofAll = Mean(states.Select(state => state.Cost?.Step)) ?? Mean(live.Select(worker => (double?)(1 / worker.StepsPerSecond)));
        var (selection, report) = (Mean(states.Select(state => state.Cost?.Selection)), Mean(states.Select(state => state.Cost?.Report)));
        double done = 0, left = 0, longest = 0;
        foreach (var cell in cells)
        {
            var step = Mean(cell.Select(state => state.Cost?.Step)) ?? Mean(cell.SelectMany(state => hands[state.Trial.Path]).Intersect(live)
                .Select(worker => (double?)(1 / worker.StepsPerSecond))) ?? ofAll ?? 1;
            var score = Mean(cell.Select(state => state.Cost?.Selection)) ?? selection ?? 0;
            foreach (var state in cell)
            {
                var training = (double)steps(state.Trial) * step;
                var spent = state.Record is { } record ? Math.Min(record.Steps * step, training) + (record.Validation is null ? 0 : score)
                    : hands[state.Trial.Path].Select(worker => worker.Activity switch
                    {
                        null => 0,
                        Activity.Training => Math.Min(worker.Done * step, training),
                        _ => training + score * worker.Done / Math.Max(worker.All, 1),
                    }).DefaultIfEmpty().Max();
                var rest = state.Record is null ? training + score - spent : 0;
                (done, left, longest) = (done + spent, left + rest, Math.Max(longest, rest));
            }
            var reports = (Mean(cell.Select(state => state.Cost?.Report)) ?? report ?? 0) is var one && isOfAll
                ? one * cell.Count(state => state is { Final: null, Record: null or { Status: RunStatus.Completed } })
                : cell.Any(state => state.Final is not null) || cell.All(state => state.Record is { Status: not RunStatus.Completed }) ? 0 : one;
            left += reports;
        }
        return new(done, left, longest, ofAll is not null);
    }

    private static double? Mean(IEnumerable<double?> values) => values.Average();
}

/// <summary>The time of one trial, as its timing.jsonl tells it; each is null where it is not known.</summary>
/// <param name="Step">Seconds a step, with its part of the validations.</param>
/// <param name="Selection">Seconds of the score that it is selected by.</param>
/// <param name="Report">Seconds of what is reported of it.</param>
/// <param name="Processor">Processor seconds of all this.</param>
internal sealed record TrialCost(double? Step, double? Selection, double? Report, double? Processor = null)
{
    /// <summary>Reads what the trainings and evaluations of a trial's folder took.</summary>
    public static TrialCost Of(string folder)
    {
        var lines = TimingLine.Read(folder);
        var evaluations = lines.Where(line => line.Evaluated is not null).Select(line => (double?)line.Seconds).ToList();
        return new(lines.LastOrDefault(line => line is { Evaluated: null, StepsPerSecond: > 0 }) is { } training ? 1 / training.StepsPerSecond : null,
            evaluations.FirstOrDefault(), evaluations.Count > 1 ? evaluations.Skip(1).Sum() : null, TimingLine.ProcessorSecondsOf(lines));
    }
}
