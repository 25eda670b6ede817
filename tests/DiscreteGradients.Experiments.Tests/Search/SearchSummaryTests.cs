using System.Text.Json.Nodes;
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
        Assert.False(two.IsReported);       // the fifth may turn out the best
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
        Took(record, record["estimator=st-gs", 0], stepsPerSecond: 40, selection: 1);
        Took(record, record["estimator=gr-mc-1000", 0], stepsPerSecond: 2, selection: 5);
        using WorkerRegistration quick = new(record.Search.Workers), slow = new(record.Search.Workers);
        Says(record.Search, quick, record["estimator=st-gs", 1], Activity.Training, 20, 40);
        Says(record.Search, slow, record["estimator=gr-mc-1000", 1], Activity.Training, 10, 2);
        var summary = SearchSummary.Of(record.Search);
        // A trial takes 1 + 1 s of the one kind, 20 + 5 s of the other; half a second and five seconds of them are done.
        Assert.Equal((2 + 25 + 0.5 + 5, 1.5 + 20 + 2 + 25), (summary.Work!.Done, summary.Work.Left));
        Assert.Equal(32.5 / 81, summary.Part);
        // The longest trial alone takes longer than half of everything.
        Assert.Equal(TimeSpan.FromSeconds(25), summary.TimeLeft);
    }

    [Fact]
    public void AnEvaluationInHandIsDoneInPart_AndTheWorkIsShared()
    {
        var record = SearchRecord.Create(folder.At("search"), 5, ("arity", [2]));
        Took(record, record["arity=2", 0], 10, 4);
        using WorkerRegistration training = new(record.Search.Workers), evaluating = new(record.Search.Workers);
        Says(record.Search, training, record["arity=2", 1], Activity.Training, 30, 10);
        Says(record.Search, evaluating, record["arity=2", 2], Activity.ValidBound, 3, 0, all: 4);
        var summary = SearchSummary.Of(record.Search);
        // A trial takes 4 + 4 s. Of the second 1 + 4 s are left, of the third a quarter of its evaluation; two are not begun.
        Assert.Equal(8 + 3 + 7, summary.Work!.Done, 1e-9);
        Assert.Equal(5 + 1 + 8 + 8, summary.Work.Left, 1e-9);
        Assert.Equal(8, summary.Work.Longest, 1e-9);
        Assert.Equal(11, summary.TimeLeft!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void BeforeATrialHasEnded_TheWorkersTellTheCostOfTheirCells()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("arity", [2, 8, 4]));
        using WorkerRegistration quick = new(record.Search.Workers), slow = new(record.Search.Workers);
        Says(record.Search, quick, record["arity=2", 0], Activity.Training, 30, 10);
        Says(record.Search, slow, record["arity=8", 0], Activity.Training, 10, 2);
        var work = SearchSummary.Of(record.Search).Work!;
        // A step takes 0.1 s and 0.5 s; where nobody is at work, as long as on average.
        Assert.Equal(30 * 0.1 + 10 * 0.5, work.Done, 1e-9);
        Assert.Equal(10 * 0.1 + 30 * 0.5 + 40 * 0.3, work.Left, 1e-9);
        Assert.True(work.AreSeconds);
    }

    [Theory]
    [InlineData(false, 2 * (4 + 2) + 6)]                // the best of the second cell
    [InlineData(true, 2 * (4 + 2) + 3 * 6)]             // both of the second and the other of the first
    public void ReportsToComeAreLeft(bool all, double left)
    {
        var spec = SearchRecord.Create(folder.At("like"), 2, ("arity", [2, 8])).Search.Spec;
        var record = new SearchRecord(SearchFolder.Create(folder.At("search"),
            spec with { Evaluation = spec.Evaluation with { FinalOfAll = all } }, SearchTasks.All));
        Took(record, record["arity=2", 0], 10, 2);
        Took(record, record["arity=2", 1], 10, 2);
        record.Report(record["arity=2", 0], 100, 99);
        new TimingLine(40, 6, 0, default) { Evaluated = "test" }.Append(record.Search.PathOf(record["arity=2", 0]));
        Assert.Equal(left, SearchSummary.Of(record.Search).Work!.Left, 1e-9);
    }

    [Theory]
    [InlineData(101, true)]
    [InlineData(99, false)]
    public void ACellToWhichATrialWasAddedIsTestedOnceTheBestOfAllIs(double added, bool isTested)
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2]));
        Took(record, record["arity=2", 0], 10, 2);          // and comes to 100 nats
        record.Report(record["arity=2", 0], 100, 99);
        new TimingLine(40, 6, 0, default) { Evaluated = "test" }.Append(record.Search.PathOf(record["arity=2", 0]));
        AssertIs(false, 4 + 2 + 6);
        record.End(record["arity=2", 1], added);
        AssertIs(isTested, isTested ? 0 : 6);

        void AssertIs(bool tested, double left)
        {
            var summary = SearchSummary.Of(record.Search);
            Assert.Equal(tested, summary.Cells[0].IsReported);
            Assert.Equal(left, summary.Work!.Left, 1e-9);
        }
    }

    [Fact]
    public void ATrialCostsItsLastTraining_ItsFirstEvaluationAndTheOthers()
    {
        var begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Assert.Equal(new TrialCost(null, null, null), TrialCost.Of(folder.FullPath));
        Add(5, 2, 4);
        Add(8, 4, 7);       // taken up
        Add(3, 0, 3, "valid");
        Assert.Equal(new TrialCost(0.25, 3, null, 4 + 7 + 3), TrialCost.Of(folder.FullPath));
        Add(6, 0, 5, "test");
        Add(7, 0, 6, "test");
        Assert.Equal(new TrialCost(0.25, 3, 6 + 7, 4 + 7 + 3 + 5 + 6), TrialCost.Of(folder.FullPath));

        void Add(double seconds, double stepsPerSecond, double processor, string? evaluated = null)
        {
            begin = begin.AddMinutes(1);
            new TimingLine(40, seconds, stepsPerSecond, begin) { ProcessorSeconds = processor, Evaluated = evaluated }
                .Append(folder.FullPath);
        }
    }

    [Fact]
    public void TheBestCellIsThatOfTheLowestBound()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2, 8, 4]));
        foreach (var (cell, index, score) in new[] { ("arity=2", 0, 101.0), ("arity=8", 0, 99.0), ("arity=8", 1, 97.0), ("arity=4", 1, 98.0) })
            record.End(record[cell, index], score);
        var best = SearchSummary.Of(record.Search).Best!;
        Assert.Equal(("arity=8", 97.0), (best.Cell, best.Best!.Value));
    }

    [Fact]
    public void WhereHigherIsBetterTheHighestIsTheBest_AndWithoutTheDataTrialsAreCounted()
    {
        var record = new SearchRecord(SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "listops",
            Trials = 2,
            Settings = new() { ["data"] = folder.At("none") },
            Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["estimator"] = ["gr", "st-gs"] }],
        }, SearchTasks.All));
        double[] accuracies = [72, 61, 70, 75];
        foreach (var (trial, accuracy) in record.Search.Trials.Zip(accuracies)) record.End(trial, accuracy);
        File.Delete(Path.Combine(record.Search.PathOf(record.Search.Trials[2]), "trial.json"));
        var summary = SearchSummary.Of(record.Search);
        Assert.Equal([72.0, 75], summary.Cells.Select(cell => cell.Best!.Value));
        Assert.Equal(("estimator=st-gs", "%", 0.75), (summary.Best!.Cell, summary.Unit, summary.Part));
        Assert.Null(summary.Work);
        Assert.Equal([record["estimator=st-gs", 1]], new Agenda(record.Search).Reports());
    }

    // Trials that diverged in their first step were no work, and none is left.
    [Fact]
    public void WhereThereWasNoWorkAllOfItIsDone()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("arity", [2]));
        foreach (var trial in record.Search.Trials)
        {
            Directory.CreateDirectory(record.Search.PathOf(trial));
            record.Search.Write(trial, new TrialRecord
            {
                Status = RunStatus.Diverged,
                Steps = 0,
                Settings = trial.Settings,
                Version = "1"
            });
        }
        var summary = SearchSummary.Of(record.Search);
        Assert.Equal((0, 0, 1), (summary.Work!.Done, summary.Work.Left, summary.Part));
        Assert.Null(summary.TimeLeft);
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

    private static void Took(SearchRecord record, Trial trial, double stepsPerSecond, double selection)
    {
        record.End(trial, 100);
        new TimingLine(40, 1, stepsPerSecond, default).Append(record.Search.PathOf(trial));
        new TimingLine(40, selection, 0, default) { Evaluated = "valid" }.Append(record.Search.PathOf(trial));
    }

    // Without waiting for its next sign.
    private static void Says(SearchFolder search, WorkerRegistration worker, Trial trial, Activity activity, double done,
        double stepsPerSecond, double all = 0)
    {
        var (state, _) = WorkerRegistration.All(search.Workers).Single(one => one.State.Id == worker.Id);
        RunFolder.WriteJson(search.Workers, $"{worker.Id}.json", state with { Trial = trial.Path, Activity = activity, Done = done, All = all, StepsPerSecond = stepsPerSecond });
    }
}
