using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>How far a search is and what is left of it, from a record written by hand.</summary>
public sealed class SearchSummaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ASummaryCountsTheTrialsOfEachCell()
    {
        var record = SearchRecord.Create(folder.At("search"), 5, ("arity", [2, 8]));
        record.End(record["arity=2", 0], 101);
        record.End(record["arity=2", 1], 99);
        record.End(record["arity=2", 2], null, status: RunStatus.Diverged);
        record.End(record["arity=2", 3], null, status: RunStatus.Failed);
        record.End(record["arity=8", 0], 120, status: RunStatus.Pruned);
        record.Report(record["arity=2", 1], 99, 98);
        var summary = SearchSummary.Of(record.Search);
        Assert.Equal((10, 5, 0), (summary.Trials, summary.Ended, summary.Workers.Count));
        var two = summary.Cells[0];
        Assert.Equal(("arity=2", 5, 2, 1, 0, 1, 99.0), (two.Cell, two.Trials, two.Completed, two.Diverged, two.Pruned, two.Failed, two.Best!.Value));
        Assert.True(two.IsReported);
        var eight = summary.Cells[1];
        Assert.Equal((5, 0, 1, 0), (eight.Trials, eight.Completed, eight.Pruned, eight.Running));
        Assert.Null(eight.Best);
        Assert.False(eight.IsReported);
        Assert.Equal([record["arity=2", 3].Path], summary.Failures.Keys);
        // Five trials of forty steps are open, and nobody works on them.
        Assert.Equal((200, false), (summary.Work!.Left, summary.Work.AreSeconds));
        Assert.Null(summary.TimeLeft);
    }

    [Fact]
    public void WhatWorkersHaveDoneIsNotLeft()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2]));
        using WorkerRegistration training = new(record.Search.Workers), evaluating = new(record.Search.Workers);
        Says(record.Search, training, record["arity=2", 0], Activity.Training, 30, 5);
        Says(record.Search, evaluating, record["arity=2", 1], Activity.ValidBound, 7, 0);
        var summary = SearchSummary.Of(record.Search);
        Assert.Equal(2, summary.Workers.Count);
        Assert.Equal(2, summary.Cells[0].Running);
        // The second is trained; of the first ten steps are left, which take two seconds.
        Assert.Equal((14, 2), (summary.Work!.Done, summary.Work.Left));
        Assert.Equal(TimeSpan.FromSeconds(2), summary.TimeLeft);
    }

    [Fact]
    public void TheTimeLeftKnowsThatCellsDifferInCost()
    {
        var record = SearchRecord.Create(folder.At("search"), 3, ("estimator", ["st-gs", "gr-mc:1000"]));
        Took(record["estimator=st-gs", 0], stepsPerSecond: 40, selection: 1);
        Took(record["estimator=gr-mc-1000", 0], stepsPerSecond: 2, selection: 5);
        using WorkerRegistration quick = new(record.Search.Workers), slow = new(record.Search.Workers);
        Says(record.Search, quick, record["estimator=st-gs", 1], Activity.Training, 20, 40);
        Says(record.Search, slow, record["estimator=gr-mc-1000", 1], Activity.Training, 10, 2);
        var summary = SearchSummary.Of(record.Search);
        // A trial takes 1 + 1 s of the one kind, 20 + 5 s of the other; half a second and five seconds of them are done.
        Assert.Equal((2 + 25 + 0.5 + 5, 1.5 + 20 + 2 + 25), (summary.Work!.Done, summary.Work.Left));
        Assert.Equal(32.5 / 81, summary.Part);
        // The longest trial alone takes longer than half of everything.
        Assert.Equal(TimeSpan.FromSeconds(25), summary.TimeLeft);

        void Took(Trial trial, double stepsPerSecond, double selection)
        {
            record.End(trial, 100);
            new TimingLine(40, 1, stepsPerSecond, default).Append(record.Search.PathOf(trial));
            new TimingLine(40, selection, 0, default) { Evaluated = "valid" }.Append(record.Search.PathOf(trial));
        }
    }

    [Fact]
    public void NothingIsLeftOfACellWhoseBestIsReported()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2]));
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 100 + trial.Index);
            new TimingLine(40, 1, 10, default).Append(record.Search.PathOf(trial));
        }
        record.Report(record["arity=2", 0], 100, 99);
        new TimingLine(40, 50, 0, default) { Evaluated = "test" }.Append(record.Search.PathOf(record["arity=2", 0]));
        Assert.Equal(0, SearchSummary.Of(record.Search).Work!.Left);
    }

    [Fact]
    public void AReportIsOfTheBestOfACellOnceAllHaveEnded()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2, 8]));
        Agenda Work() => new(record.Search);
        record.End(record["arity=2", 0], 101);
        Assert.Empty(Work().Reports());
        Assert.Equal(3, Work().Trainings().Count());
        record.End(record["arity=2", 1], 99);
        Assert.Equal([record["arity=2", 1]], Work().Reports());
        record.Report(record["arity=2", 1], 99, 98);
        Assert.Empty(Work().Reports());
        Assert.False(Work().IsDone);
        record.End(record["arity=8", 0], null, status: RunStatus.Diverged);
        record.End(record["arity=8", 1], null, status: RunStatus.Failed);
        // A cell without a completed trial has nothing to report.
        Assert.True(Work().IsDone);
        Assert.Empty(Work().Trainings());
    }

    public void Dispose() => folder.Dispose();

    // Without waiting for its next sign.
    private static void Says(SearchFolder search, WorkerRegistration worker, Trial trial, Activity activity, double done, double stepsPerSecond)
    {
        var (state, _) = WorkerRegistration.All(search.Workers).Single(one => one.State.Id == worker.Id);
        RunFolder.WriteJson(search.Workers, $"{worker.Id}.json", state with { Trial = trial.Path, Activity = activity, Done = done, StepsPerSecond = stepsPerSecond });
    }
}
