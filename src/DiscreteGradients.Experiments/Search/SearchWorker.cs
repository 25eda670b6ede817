using System.Diagnostics;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Takes trials of a search, one after the other, runs them and reports the best.</summary>
/// <param name="search">Shared with any number of other workers.</param>
/// <param name="waits">Whether it stays while others work, for what they leave; else it leaves when they are seen to
/// live.</param>
internal sealed class SearchWorker(SearchFolder search, TrialOptions options, bool waits)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly Agenda agenda = new(search);

    /// <summary>Works until nothing is left to take; stopped, it leaves a checkpoint.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    /// <exception cref="InputException">The data is missing, a folder cannot be written, or a trial could not be reported; all
    /// others were first.</exception>
    /// <exception cref="IOException">The disk is full, or the machine is at fault otherwise; no trial is blamed.</exception>
    public void Run(CancellationToken cancellation)
    {
        search.OpenData();
        foreach (var trial in search.Trials) _ = search.Plan(trial);
        search.Plans.Save();
        using var worker = new WorkerRegistration(search.Workers);
        for (LivePeers? company = null; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var leaves = !waits && (company ??= new(search.Workers)).IsSettled();
            if (Report(worker, cancellation) || Training(worker, cancellation)) company = null;
            else if (leaves || agenda.IsDone) break;
            else cancellation.WaitHandle.WaitOne(Poll);
        }
        if (agenda.GivenUp.Count > 0)
        {
            throw new InputException(string.Join("; ",
                agenda.GivenUp.Select(pair => $"{search.PathOf(pair.Key)} could not be evaluated: {pair.Value}")));
        }
    }

    private bool Training(WorkerRegistration worker, CancellationToken cancellation)
    {
        var ended = agenda.Ended;
        foreach (var (trial, until) in agenda.Trainings(worker.Id))
        {
            if (TrialLease.Take(search.PathOf(trial), search.Workers, worker.Id) is not { } lease) continue;
            if (agenda.Record(trial) is not null) lease.Release();   // ended between the look and the lease
            else if (lease.GiveUpReason is { } reason) End(trial, lease, RunStatus.Failed, reason: reason);
            else Leased(worker, trial, lease, token => Train(trial, until, lease, Options(worker, trial), token), cancellation);
            return true;
        }
        // Some may have been pruned on the way: then a report is due.
        return agenda.Ended > ended;
    }

    private bool Report(WorkerRegistration worker, CancellationToken cancellation)
    {
        foreach (var trial in agenda.Reports())
        {
            if (TrialLease.Take(search.PathOf(trial), search.Workers, worker.Id) is not { } lease) continue;
            if (search.FinalOf(trial) is not null) lease.Release();
            else if (lease.GiveUpReason is { } reason) GiveUp(trial, lease, reason);
            else Leased(worker, trial, lease, token => Evaluate(trial, lease, Options(worker, trial), token), cancellation);
            return true;
        }
        return false;
    }

    private void GiveUp(Trial trial, TrialLease lease, string reason)
    {
        agenda.GiveUp(trial, reason);
        lease.GiveUp();
    }

    // Gives the lease back whatever happens, unless another worker has taken this one for lost.
    private static void Leased(WorkerRegistration worker, Trial trial, TrialLease lease, Action<CancellationToken> run,
        CancellationToken cancellation)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        worker.Report(trial.Path);
        worker.OnHeartbeat = () =>
        {
            if (lease.IsLost) lost.Cancel();
        };
        try
        {
            run(lost.Token);
        }
        catch (OperationCanceledException) when (lease.IsLost && !cancellation.IsCancellationRequested)
        {
        }
        catch (FolderInUseException)
        {
            // A worker taken for lost is about to let go.
            lease.Release();
            cancellation.WaitHandle.WaitOne(Poll);
        }
        catch (Exception e) when (e is OperationCanceledException or InputException || MachineFault.Is(e))
        {
            lease.Release();
            throw;
        }
        catch (Exception e)
        {
            lease.Release($"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            worker.OnHeartbeat = null;
            worker.Report(null);
        }
    }

    private void Train(Trial trial, int until, TrialLease lease, TrialOptions options, CancellationToken cancellation)
    {
        var path = search.PathOf(trial);
        var outcome = Train(trial, until, options, cancellation);
        if (outcome.Diverged)
        {
            End(trial, lease, RunStatus.Diverged, outcome.Steps);
        }
        else if (until < search.Plan(trial).Steps)
        {
            RunFolder.WriteJson(path, Rung.FileName(until), new Rung(outcome.Validation!.Value));
            lease.Release();
        }
        else
        {
            var score = Score(trial, outcome.Steps, Split.Valid, search.Spec.Evaluation.SelectionSamples,
                search.Spec.Evaluation.SelectionExamples, options, cancellation);
            if (double.IsFinite(score.Value)) End(trial, lease, RunStatus.Completed, outcome.Steps, score);
            else End(trial, lease, RunStatus.Diverged, outcome.Steps);
        }
    }

    private TrialOutcome Train(Trial trial, int until, TrialOptions options, CancellationToken cancellation)
    {
        using var folder = RunFolder.Open(search.PathOf(trial));
        return search.RunOf(trial).Train(folder, until, options, cancellation);
    }

    private void End(Trial trial, TrialLease lease, RunStatus status, int steps = 0, Score? validation = null,
        string? reason = null)
    {
        agenda.End(trial, new TrialRecord
        {
            Status = status,
            Steps = steps,
            Settings = trial.Settings,
            Validation = validation,
            Reason = reason,
            Version = ProgramVersion.Text,
        });
        lease.Release();
    }

    private void Evaluate(Trial trial, TrialLease lease, TrialOptions options, CancellationToken cancellation)
    {
        // Deleted by hand, or by an older dgrad: the settings give the same weights again.
        if (!File.Exists(RunFolder.CheckpointIn(search.PathOf(trial))))
            Train(trial, search.Plan(trial).Steps, options, cancellation);
        var evaluation = search.Spec.Evaluation;
        var test = Score(trial, agenda.Record(trial)!.Steps, Split.Test, evaluation.FinalSamples, evaluation.FinalExamples,
            options, cancellation);
        search.Write(trial, new FinalRecord(agenda.Record(trial)!.Validation!, test, ProgramVersion.Text));
        lease.Release();
        agenda.Prune(trial.Cell);
    }

    private Score Score(Trial trial, int steps, Split split, int samples, int examples, TrialOptions options,
        CancellationToken cancellation)
    {
        var (path, clock) = (search.PathOf(trial), new WorkClock());
        var score = search.RunOf(trial).Evaluate(path, split, samples, examples, options, cancellation);
        (clock.Line(steps, 0) with { Evaluated = JsonText.Word(split) }).Append(path);
        return score;
    }

    private TrialOptions Options(WorkerRegistration worker, Trial trial)
    {
        var (clock, activity, first) = (Stopwatch.StartNew(), (Activity?)null, 0.0);
        return options with
        {
            Progress = (done, all, now) =>
            {
                if (activity != now)
                {
                    (activity, first) = (now, done);
                    clock.Restart();
                }
                worker.Report(trial.Path, now, done, all, now == Activity.Training
                    ? (done - first) / clock.Elapsed.TotalSeconds : 0);
            },
        };
    }
}
