using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

public sealed class SearchScreenTests
{
    [Theory]
    [InlineData(60, 20)]
    [InlineData(80, 24)]
    [InlineData(120, 45)]
    [InlineData(30, 3)]
    [InlineData(1, 1)]
    public void ASearchFitsEveryWindow(int width, int height)
    {
        var lines = SearchScreen.Lines(Search(28), width, height);
        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, line => Assert.InRange(Cells.Width(line), 0, width));
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(80, 24)]
    [InlineData(200, int.MaxValue)]
    public void TheOverallStateTheBestAndTheCellsAtWorkAreSeenFirst(int width, int height)
    {
        var lines = SearchScreen.Lines(Search(28), width, height);
        Assert.Matches(@"^█+░+ 25 %, 1 h 2 min left$", lines[0]);
        var text = string.Join(' ', lines);
        Assert.Contains("84 of 560 trials done, 1 diverged, 2 running, 3 of 28 cells tested", text, StringComparison.Ordinal);
        Assert.Contains("best 90.50 nats: arity=8,estimator=gr-mc-7", text, StringComparison.Ordinal);
        foreach (var running in new[] { "gr-mc:20", "gr-mc:27" }) Assert.Contains(lines, line => line.Contains(running, StringComparison.Ordinal));
        // No cell has failed, and no column of zeros says so. All cells have one arity, so that no column says it either.
        Assert.DoesNotContain("failed", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" arity ", text, StringComparison.Ordinal);
        if (height == int.MaxValue) Assert.Equal(28, lines.Count(line => line.StartsWith("gr-mc:", StringComparison.Ordinal)));
        else Assert.Matches(@"^… and \d+ cells more$", lines.Single(line => line.StartsWith('…')));
    }

    [Fact]
    public void ASmallSearchIsShownWhole()
    {
        var lines = SearchScreen.Lines(Search(3), 59, 19);
        Assert.Equal(["gr-mc:0", "gr-mc:1", "gr-mc:2"], lines.Where(line => line.StartsWith("gr-mc", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void EachColumnAndEachWorkerSaysWhatItIs()
    {
        CellSummary[] cells =
        [
            new("arity=2", new JsonObject { ["arity"] = 2 }, 20, Completed: 13, Diverged: 1, Pruned: 2, Failed: 4, Running: 3,
                Best: 101.234, IsReported: false),
            new("arity=8", new JsonObject { ["arity"] = 8 }, 22, Completed: 22, Diverged: 0, Pruned: 0, Failed: 0, Running: 0,
                Best: 98.5, IsReported: true),
        ];
        WorkerState worker = new("1", "host", null, "12_3", "arity=2/0001", Activity.Training, 1000, 5000, 10);
        WorkerState[] workers =
        [
            worker, worker with { Job = null, Activity = Activity.ValidAccuracy, Done = 0.25, All = 1 },
            worker with { Trial = null },
            worker with { Activity = null },
        ];
        var failures = new Dictionary<string, string>(StringComparer.Ordinal) { ["arity=2/0004"] = "out of luck" };
        var lines = SearchScreen.Lines(new(cells, workers, cells[1], new(30, 10, 1, AreSeconds: false), "nats", failures), 200,
            int.MaxValue);
        Assert.Equal($"{new string('█', 30)}{new string('░', 10)} 75 %", lines[0]);
        Assert.Equal("42 of 42 trials done, 1 diverged, 2 pruned, 4 failed, 3 running, 1 of 2 cells tested", lines[1]);
        Assert.Equal(["best 98.50 nats: arity=8", ""], lines.Skip(2).Take(2));
        Assert.Matches("^arity +done +best, nats +running +failed +diverged +pruned +tested$", lines[4]);
        Assert.Matches(@"^2 +20/20 +101\.23 +3 +4 +1 +2$", lines[5]);
        Assert.Matches(@"^8 +22/22 +98\.50 +yes$", lines[6]);
        Assert.Equal(
        [
            "failed: arity=2/0004: out of luck", "host (job 12_3): arity=2/0001: training 1,000 of 5,000",
            "host: arity=2/0001: valid accuracy 25 %",
            "host (job 12_3): between trials", "host (job 12_3): arity=2/0001: begins",
        ], lines.Skip(7));
    }

    [Fact]
    public void WhereThereIsNoRoomForAllTheCellsThatAreNotDoneComeFirst()
    {
        List<CellSummary> cells = [.. Enumerable.Range(0, 10).Select(i => new CellSummary($"estimator=gr-mc-{i}", new JsonObject { ["estimator"] = $"gr-mc:{i}" },
            2, i < 8 ? 2 : 1, 0, 0, 0, 0, null, i < 8))];
        var lines = SearchScreen.Lines(new(cells, [], null, null, "nats", new Dictionary<string, string>()), 80, 8);
        Assert.Equal("18 of 20 trials done, 0 running, 8 of 10 cells tested", lines[1]);
        Assert.Equal(["gr-mc:8", "gr-mc:9", "gr-mc:0"], lines.Where(line => line.StartsWith("gr-mc", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
        Assert.Equal("… and 7 cells more", lines[^1]);
    }

    // Cell 7 is the best; 20 and 27 are at work, the first three are tested.
    private static SearchSummary Search(int count)
    {
        List<CellSummary> cells = [.. Enumerable.Range(0, count).Select(i => new CellSummary(
            $"arity=8,estimator=gr-mc-{i}", new JsonObject { ["arity"] = 8, ["estimator"] = $"gr-mc:{i}" },
            20, i == 1 ? 2 : 3, i == 1 ? 1 : 0, 0, 0, i is 20 or 27 ? 1 : 0, i == 7 ? 90.5 : 100 + i, i < 3))];
        WorkerState worker = new("1", "host", null, null, cells[^1].Cell + "/0003", Activity.Training, 1000, 5000, 10);
        return new(cells, [worker, worker with { Id = "2" }], cells.Find(cell => cell.Best == 90.5), new(2480, 7440, 60, AreSeconds: true), "nats", new Dictionary<string, string>());
    }
}
