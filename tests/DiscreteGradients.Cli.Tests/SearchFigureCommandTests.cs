using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What dgrad figure 2c says of a search whose settings are drawn, and of which a trial is open.</summary>
[Collection(nameof(InProcess))]
public sealed class SearchFigureCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TheThresholdsAreThoseAskedFor_AndWhatStandsInTheWayOfAComparisonIsSaid()
    {
        var search = SearchFolder.Create(folder.At("search"), SearchSpec.Read(folder.Write("spec.toml", SmallSearch.Spec(steps: 4, interval: 2))), SearchTasks.All);
        foreach (var trial in search.Trials.SkipLast(1))
        {
            Directory.CreateDirectory(search.PathOf(trial));
            File.WriteAllText(Path.Combine(search.PathOf(trial), "metrics.jsonl"), "{\"step\":2,\"validation-bound\":120}\n{\"step\":4,\"validation-bound\":110}\n");
            search.Write(trial, new TrialRecord { Status = RunStatus.Diverged, Steps = 4, Settings = trial.Settings, Version = "1" });
        }
        var outcome = (await InProcess.Run(folder.FullPath, "figure", "2c", "search", "--thresholds", "115,105", "--out", "figures")).Good();
        Assert.Equal(
            "the trials differ in learning-rate, momentum: these are not runs at equal settings\n1 of 12 trials have not ended\n"
            + $"{folder.At("figures/figure-2c")}.svg, .png, .csv\n", outcome.Output);
        // Halfway from 120 nats after two steps to 110 after four; nobody reaches 105.
        var lines = File.ReadAllLines(folder.At("figures/figure-2c.csv"));
        Assert.Equal(1 + 4 * 2, lines.Length);
        Assert.Equal(4, lines.Count(line => line.Contains(",115,3,0,", StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(line => line.Contains(",105,,,0,", StringComparison.Ordinal)));
        Assert.Equal("dgrad figure 2c search --thresholds 115,105", FigureRecord.Read(folder.At("figures"), "2c")!.Command);
    }

    public void Dispose() => folder.Dispose();
}
