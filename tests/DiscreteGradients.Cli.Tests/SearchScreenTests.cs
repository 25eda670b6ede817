using System.Text.Json.Nodes;
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
