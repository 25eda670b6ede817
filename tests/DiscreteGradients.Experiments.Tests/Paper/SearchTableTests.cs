using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>Tables 2 and 3 from records written by hand.</summary>
public sealed class SearchTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ACellIsARow_WhateverTheGridVaries()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("estimator", ["st-gs"]), ("temperature", [0.3, 0.5]));
        foreach (var trial in record.Search.Trials) record.End(trial, 100 - trial.Index - 10 * (int)(2 * (double)trial.Settings["temperature"]!));
        record.Report(record["estimator=st-gs,temperature=0.3", 1], 99, 98);
        record.Report(record["estimator=st-gs,temperature=0.5", 1], 89, 88);
        Assert.Equal(["st-gs,temperature 0.3,99.00,98.00,2 of 2", "st-gs,temperature 0.5,89.00,88.00,2 of 2"], Rows(record.Search, "estimator", "grid", "validation", "test", "trials"));
    }

    [Fact]
    public void WhereTrialsDrawTheBatchSize_TheRowHasThatOfTheBest()
    {
        var record = new SearchRecord(SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "vae",
            Trials = 20,
            Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["estimator"] = ["st-gs"] }],
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal) { ["batch-size"] = new() { Choice = [20, 50] } },
        }, SearchTasks.All));
        var best = record.Search.Trials.First(trial => (int)trial.Settings["batch-size"]! == 50);
        foreach (var trial in record.Search.Trials) record.End(trial, trial == best ? 90 : 100);
        record.Report(best, 90, 91);
        Assert.Equal(["st-gs,50,91.00,20 of 20"], Rows(record.Search, "estimator", "batch size", "test", "trials"));
    }

    [Fact]
    public void ACellInWhichATrialIsOpenHasItsBestSoFar_AndNoTest()
    {
        var record = SearchRecord.Create(folder.At("search"), 3, ("estimator", ["st-gs", "gr"]));
        record.End(record["estimator=st-gs", 0], 101.5);
        record.End(record["estimator=st-gs", 2], 100.25);
        record.Report(record["estimator=st-gs", 2], 100.25, 99);
        // Of the other cell none has ended: it was not run.
        Assert.Equal(["st-gs,100.25,not yet,,,2 of 3,2"],
            Rows(record.Search, "estimator", "validation", "test", "± s.e.", "test − paper", "trials", "best trial"));
    }

    [Theory]
    [InlineData(2, 20)]
    [InlineData(2, 20, 200)]
    [InlineData(3, 10, 20)]
    public void ASearchIsOfTheTableThatHasMostOfItsCells(int table, params int[] batchSizes)
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("batch-size", [.. batchSizes.Select(size => (JsonNode)size)]),
            ("estimator", ["st-gs"]));
        Assert.Equal(table, SearchTable.Of(record.Search));
    }

    [Fact]
    public void Table3HasThePapersValidationBesideItsTest()
    {
        var record = SearchRecord.Tested(folder.At("search"), 1, 0, [("gr-mc:1000", 2, 5, 108.25)]);
        Assert.Contains("gr-mc:1000,2,5,90.00,108.25,0.25,106.7,105.7,+2.55,1 of 1,0,0,0,0,",
            SearchTable.Make(record.Search, 3).Csv(), StringComparison.Ordinal);
        // A bound on other data is no distance from the paper's.
        var other = SearchRecord.Tested(folder.At("other"), 1, 0, [("gr-mc:1000", 2, 5, 108.25)], settings: []);
        Assert.Contains("gr-mc:1000,2,5,90.00,108.25,0.25,106.7,105.7,,1 of 1,0,0,0,0,",
            SearchTable.Make(other.Search, 3).Csv(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSeedIsSaidAsItIs()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ulong.MaxValue, [new(StringComparer.Ordinal) { ["estimator"] = ["gr"] }]);
        Assert.Contains("Seed of the search: 18446744073709551615.", string.Join(' ', SearchTable.Make(record.Search, 2).Caption), StringComparison.Ordinal);
    }

    [Fact]
    public void TheCaptionNamesTheDataOfAllTrials()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("data", ["mnist", "binarized-mnist"]));
        Assert.Contains("Data: mnist, binarized-mnist. ", string.Join(' ', SearchTable.Make(record.Search, 2).Caption), StringComparison.Ordinal);
    }

    /// <summary>One that diverged before its first checkpoint took no time to speak of.</summary>
    [Fact]
    public void CoreHoursAreThoseOfAllTrials_AndNotKnownWhereOneDoesNotTell()
    {
        var trial = SearchRecord.Create(folder.At("search"), 1, ("arity", [2])).Search.Trials[0];
        Assert.Equal(1.5, SearchTable.CoreHours([Of(1800), Of(3600)]));
        Assert.Equal(0.5, SearchTable.CoreHours([Of(1800), Of(null, RunStatus.Diverged)]));
        Assert.Equal(0.75, SearchTable.CoreHours([Of(1800), Of(900, RunStatus.Diverged)]));
        Assert.Null(SearchTable.CoreHours([Of(1800), Of(null)]));
        Assert.Null(SearchTable.CoreHours([Of(1800), new(trial, null, null)]));

        TrialState Of(double? seconds, RunStatus status = RunStatus.Completed) => new(trial,
            new() { Status = status, Steps = 40, Settings = trial.Settings, Version = "1" }, null, new(null, null, null, seconds));
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> Rows(SearchFolder search, params string[] columns)
    {
        var lines = SearchTable.Make(search, 2, onlyRun: true).Csv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return lines.Skip(1).Select(line => string.Join(',', columns.Select(column => line[Array.IndexOf(lines[0], column)])));
    }
}
