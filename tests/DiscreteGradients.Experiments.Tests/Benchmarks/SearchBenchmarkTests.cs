using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Benchmarks;

/// <summary>What the benchmark of a search has run, by commands that only look at what they are given.</summary>
public sealed class SearchBenchmarkTests
{
    private readonly HashSet<string> workers = new(StringComparer.Ordinal);
    private readonly List<(string Command, bool HasIndex)> reports = [];
    private string record = "";

    [Fact]
    public void CommandsAreOfASmallSearchAndOfALargeRecord_WhichIsGoneAtTheEnd()
    {
        var result = new SearchBenchmark(1e-3, Execute) { Recorded = 60, Steps = 2 }.Run(cancellation: TestContext.Current.CancellationToken);
        // A whole number of trials for each of 56 cells.
        Assert.Equal(
            [
                "search, 8 trials, one worker", "search, 8 trials, two workers", "status, no index, 112 trials", "status, 112 trials",
                "table 2, no index, 112 trials", "table 2, 112 trials",
            ], result.Rows.Select(row => row.Name));
        Assert.Equal([1], result.Rows.Index().Where(row => row.Item.Ratio is not null).Select(row => row.Index));
        Assert.Equal(["1", "2"], workers.Order(StringComparer.Ordinal));
        // Each of the two is warmed up twice and timed in five rounds at least.
        foreach (var command in new[] { "status", "table 2" })
        {
            foreach (var hasIndex in new[] { false, true })
                Assert.True(reports.Count(report => report == (command, hasIndex)) >= 7, $"{command}, index {hasIndex}");
        }
        Assert.False(Directory.Exists(Path.GetDirectoryName(record)));
    }

    [Fact]
    public void TheLargestRecordIsTheLargestSearchWithAsManyTrialsInEachCell()
    {
        var spec = SearchSpec.Read("table2");
        var (trials, rest) = Math.DivRem(SearchBenchmark.MostRecorded, spec.Cells().Count);
        Assert.Equal(0, rest);
        Assert.Equal(trials, (spec with { Trials = trials }).Validated().Trials);
        Assert.Throws<InputException>((spec with { Trials = trials + 1 }).Validated);
    }

    private void Execute(IReadOnlyList<string> words, IReadOnlyList<Setting> settings)
    {
        if (words[0] == "search")
        {
            var into = settings.Single(setting => setting.Name == "out").Value!.ToString()!;
            Assert.False(Directory.Exists(into), "each search begins anew");
            Assert.Equal((8, 2), (SearchSpec.Read(words[1]).AllTrials().Count, (int)SearchSpec.Read(words[1]).Settings["steps"]!));
            workers.Add(settings.Single(setting => setting.Name == "workers").Value!.ToString()!);
            Directory.CreateDirectory(into);
            return;
        }
        var index = Path.Combine(words[^1], "index.jsonl");
        reports.Add((string.Join(' ', words.SkipLast(1)), File.Exists(index)));
        if (record.Length == 0) AssertRecord(words[^1]);
        record = words[^1];
        File.WriteAllText(index, "");
    }

    private static void AssertRecord(string path)
    {
        var states = SearchIndex.Load(SearchFolder.Open(path, SearchTasks.All));
        Assert.Equal((112, 112, 56), (states.Count, states.Count(state => state.Record?.Status == RunStatus.Completed), states.Count(state => state.Final is not null)));
    }
}
