using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The work of a search in seconds of one worker, done and left. What a trial of a cell takes is learnt from those that
/// have ended: cells differ.</summary>
/// <param name="Left">Seconds; in steps while no time is known.</param>
/// <param name="Longest">The longest part of <see cref="Left"/> that one worker must do alone.</param>
internal sealed record SearchCosts(double Done, double Left, double Longest, bool AreSeconds)
{
    /// <summary>Adds a search up.</summary>
    /// <param name="steps">The steps of a trial.</param>
    /// <param name="isOfAll">Whether every completed trial is reported, not the best of its cell alone.</param>
    /// <param name="higherIsBetter">Whether a larger score is better.</param>
    /// <param name="halving">The rungs at which trials are pruned; null for none.</param>
    /// <param name="rung">The steps of the last rung that a trial has reached; 0 for none.</param>
    public static SearchCosts Of(IReadOnlyList<TrialState> states, IReadOnlyList<WorkerState> workers, Func<Trial, int> steps,
        bool isOfAll, bool higherIsBetter, Halving? halving = null, Func<Trial, int>? rung = null)
    {
        var hands = workers.Where(worker => worker.Trial is not null).ToLookup(worker => worker.Trial!, StringComparer.Ordinal);
        var live = workers.Where(worker => worker.StepsPerSecond > 0 && worker.Activity == Activity.Training).ToList();
        var cells = states.GroupBy(state => state.Trial.Cell).ToList();
        // Of a cell that none has ended of yet: as those at work say, or as the other cells on average.
        var ofAll = Mean(states.Select(state => state.Cost?.Step))
            ?? Mean(live.Select(worker => (double?)(1 / worker.StepsPerSecond)));
        var (selection, report) =
            (Mean(states.Select(state => state.Cost?.Selection)), Mean(states.Select(state => state.Cost?.Report)));
        double done = 0, left = 0, longest = 0;
        foreach (var cell in cells)
        {
            var step = Mean(cell.Select(state => state.Cost?.Step))
                ?? Mean(cell.SelectMany(state => hands[state.Trial.Path]).Intersect(live)
                    .Select(worker => (double?)(1 / worker.StepsPerSecond)))
                ?? ofAll ?? 1;
            var score = Mean(cell.Select(state => state.Cost?.Selection)) ?? selection ?? 0;
            var standings = cell.Select(Standing).ToList();
            var prospects = (halving ?? Halving.None).Expect(standings);
            foreach (var (state, (trained, all, isOpen), prospect) in cell.Zip(standings, prospects))
            {
                var scored = isOpen ? Scored(state) : state.Record!.Validation is null ? 0 : 1;
                done = done + trained * step + scored * score;
                left = left + prospect.Steps * step + Math.Max(prospect.Completes - scored, 0) * score;
                if (isOpen && prospect.Completes > 0) longest = Math.Max(longest, (all - trained) * step + (1 - scored) * score);
            }
            var one = Mean(cell.Select(state => state.Cost?.Report)) ?? report ?? 0;
            if (isOfAll)
            {
                left += one * cell.Zip(prospects, (state, prospect) => state.Final is not null ? 0
                    : state.Record is { Status: RunStatus.Completed } ? 1
                    : prospect.Completes).Sum();
            }
            else if (Agenda.Final([.. cell], higherIsBetter) is null
                && cell.Any(state => state.Record is not { Status: not RunStatus.Completed }))
            {
                left += one;
            }
        }
        return new(done, left, longest, ofAll is not null);

        Halving.Standing Standing(TrialState state)
        {
            var all = steps(state.Trial);
            var trained = state.Record is { } record
                ? record.Steps
                : hands[state.Trial.Path]
                    .Select(worker => worker.Activity switch { null => 0, Activity.Training => worker.Done, _ => all })
                    .Append(rung?.Invoke(state.Trial) ?? 0).Max();
            return new(Math.Min(trained, all), all, state.Record is null);
        }

        // The part of the score of a trained trial.
        double Scored(TrialState state) =>
            hands[state.Trial.Path].Where(worker => worker.Activity is not (null or Activity.Training))
                .Select(worker => worker.Done / Math.Max(worker.All, 1)).DefaultIfEmpty().Max();
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
        var training = lines.LastOrDefault(line => line is { Evaluated: null, StepsPerSecond: > 0 });
        return new(1 / training?.StepsPerSecond, evaluations.FirstOrDefault(),
            evaluations.Count > 1 ? evaluations.Skip(1).Sum() : null, TimingLine.ProcessorSecondsOf(lines));
    }
}
