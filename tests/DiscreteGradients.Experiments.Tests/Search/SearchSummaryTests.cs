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
        Assert.Equal(200, summary.StepsLeft);
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
        Assert.Equal((50, 5), (summary.StepsLeft, summary.StepsPerSecond));
        Assert.Equal(TimeSpan.FromSeconds(10), summary.TimeLeft);
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
