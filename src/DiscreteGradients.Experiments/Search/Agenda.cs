using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>An agenda tells what is left to do of a search, as its folder says; it remembers what has ended, which does not
/// change.</summary>
internal sealed class Agenda(SearchFolder search)
{
    private readonly Dictionary<Trial, TrialRecord> records = [];
    private readonly HashSet<Trial> reported = [];
    private readonly Dictionary<Trial, string> givenUp = [];
    private readonly ILookup<Cell, Trial> cells = search.Trials.ToLookup(trial => trial.Cell);

    /// <summary>Tells whether every trial has ended and what is to be reported was, or was given up.</summary>
    public bool IsDone =>
        search.Trials.All(trial => Record(trial) is not null) && cells.All(cell => ToReport(cell).All(IsSettled));

    /// <summary>The trials whose report was given up, with the reason.</summary>
    public IReadOnlyDictionary<Trial, string> GivenUp => givenUp;

    /// <summary>The trials that are known to have ended.</summary>
    public int Ended => records.Count;

    /// <summary>The record of a trial; null while it has not ended.</summary>
    public TrialRecord? Record(Trial trial)
    {
        if (records.TryGetValue(trial, out var known)) return known;
        if (search.RecordOf(trial) is { } record) return records[trial] = record;
        return null;
    }

    /// <summary>Trainings that can be taken, with the step to train to; a trial that is left behind at a rung is ended on the
    /// way, unless another worker has it.</summary>
    /// <param name="worker">The worker that asks, which takes the lease of what it ends; by default one that does not live, where
    /// no other is at work.</param>
    public IEnumerable<(Trial Trial, int Until)> Trainings(string worker = "")
    {
        foreach (var trial in search.Trials)
        {
            if (Record(trial) is null && Goal(trial, worker) is { } goal) yield return (trial, goal);
        }
    }

    /// <summary>Ended trials that are to be reported and were not.</summary>
    public IEnumerable<Trial> Reports() =>
        cells.Where(cell => cell.All(trial => Record(trial) is not null)).SelectMany(ToReport).Where(trial => !IsSettled(trial));

    /// <summary>Leaves a report out of what is to be done here.</summary>
    public void GiveUp(Trial trial, string reason) => givenUp[trial] = reason;

    /// <summary>The best completed trial of a cell; null where there is none.</summary>
    public static T? Best<T>(IEnumerable<T> trials, Func<T, TrialRecord?> record, bool higherIsBetter)
        where T : class =>
        trials.Where(trial => record(trial) is { Status: RunStatus.Completed, Validation: not null })
            .OrderBy(trial => record(trial)!.Validation!.Value * (higherIsBetter ? -1 : 1)).FirstOrDefault();

    /// <summary>The report of a cell, that of its best trial; null while there is none, or a trial has not ended that may turn
    /// out better.</summary>
    public static FinalRecord? Final(IReadOnlyCollection<TrialState> cell, bool higherIsBetter) =>
        cell.All(state => state.Record is not null) ? Best(cell, state => state.Record, higherIsBetter)?.Final : null;

    public void End(Trial trial, TrialRecord record)
    {
        search.Write(trial, record);
        records[trial] = record;
        Prune(trial.Cell);
    }

    /// <summary>Deletes the checkpoints of a cell that no report can need any more: they are the bulk of a search. None while
    /// a trial is without a record, for it may turn out the best; once all have one, records do not change, and all workers
    /// find the same to be needed.</summary>
    public void Prune(Cell cell)
    {
        if (search.Spec.KeepCheckpoints || !cells[cell].All(trial => Record(trial) is not null)) return;
        var needed = ToReport(cells[cell]).Where(trial => !search.Spec.Evaluation.FinalOfAll || !IsReported(trial)).ToHashSet();
        foreach (var checkpoint in cells[cell].Where(trial => !needed.Contains(trial))
            .Select(trial => RunFolder.CheckpointIn(search.PathOf(trial))))
        {
            if (File.Exists(checkpoint)) File.Delete(checkpoint);
        }
    }

    private IEnumerable<Trial> ToReport(IEnumerable<Trial> cell) => search.Spec.Evaluation.FinalOfAll
        ? cell.Where(trial => Record(trial) is { Status: RunStatus.Completed })
        : new[] { Best(cell, Record, search.Task.HigherIsBetter) }.OfType<Trial>();

    private bool IsReported(Trial trial) =>
        reported.Contains(trial) || (search.FinalOf(trial) is not null && reported.Add(trial));

    private bool IsSettled(Trial trial) => givenUp.ContainsKey(trial) || IsReported(trial);

    // Null while the trial waits for the others of its cell, or where it is left behind.
    private int? Goal(Trial trial, string worker)
    {
        var going = cells[trial.Cell].ToList();
        foreach (var rung in search.Spec.Halving?.Rungs ?? [])
        {
            if (search.RungOf(trial, rung) is null) return rung;
            // A rung is written before the record: with the record read first, none is missed.
            var others = cells[trial.Cell]
                .Select(other => (Trial: other, Record: Record(other), Rung: search.RungOf(other, rung))).ToList();
            if (others.Any(other => other.Record is null && other.Rung is null)) return null;
            var reached = others.Where(other => other.Rung is not null).ToList();
            // Since trials were added: who was pruned here before, or came here and is left behind at an earlier rung now, takes
            // no place, whether it has ended yet or not.
            going = reached
                .Where(other => going.Contains(other.Trial)
                    && (other.Record is not { Status: RunStatus.Pruned } record || record.Steps != rung))
                .OrderBy(other => other.Rung!.Validation * (search.Task.HigherIsBetter ? -1 : 1))
                .Take(search.Spec.Halving!.Going(reached.Count))
                .Select(other => other.Trial).ToList();
            if (going.Contains(trial)) continue;
            LeaveBehind(trial, rung, worker);
            return null;
        }
        return search.Plan(trial).Steps;
    }

    // With its lease, for a worker that knows of fewer trials may be training it.
    private void LeaveBehind(Trial trial, int rung, string worker)
    {
        if (TrialLease.Take(search.PathOf(trial), search.Workers, worker) is not { } lease) return;
        try
        {
            if (Record(trial) is not null) return;   // ended between the look and the lease
            End(trial, new TrialRecord
            {
                Status = RunStatus.Pruned,
                Steps = rung,
                Settings = trial.Settings,
                Version = ProgramVersion.Text,
            });
        }
        finally
        {
            lease.Release();
        }
    }
}
