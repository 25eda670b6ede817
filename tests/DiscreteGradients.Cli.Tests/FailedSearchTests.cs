using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A search whose trials could not be run, for a reason that is not to be trusted.</summary>
[Collection(nameof(InProcess))]
public sealed class FailedSearchTests : IDisposable
{
    private const string Reason = "\u001b[31mred|<script>\nend";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(12, ExitCode.Failed)]
    [InlineData(11, ExitCode.Success)]
    public async Task OnlyWhereEveryTrialFailedIsItAFailure(int failed, int code)
    {
        await Make(failed);
        var outcome = await InProcess.Run(folder.FullPath, ["search", "spec.toml", "--out", "search", "--quiet"]);
        Assert.Equal(code, outcome.Code);
        Assert.StartsWith($"12 of 12 trials done, {(failed < 12 ? "1 diverged, " : "")}{failed} failed", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(failed < 12 ? "" : "dgrad: every trial failed, as in: U+001B[31mred|<script>U+000Aend\n", outcome.Error);
    }

    [Fact]
    public async Task StatusShowsNoReasonAsItIs()
    {
        await Make(12);
        var output = (await InProcess.Run(folder.FullPath, ["status", "search"])).Good().Output;
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(12, output.Split('\n').Count(line => line.StartsWith("failed: ", StringComparison.Ordinal) && line.EndsWith("U+001B[31mred|<script>U+000Aend", StringComparison.Ordinal)));
    }

    public void Dispose() => folder.Dispose();

    private async Task Make(int failed)
    {
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 4, interval: 2));
        (await InProcess.Run(folder.FullPath, ["search", "spec.toml", "--out", "search", "--launcher", "slurm", "--dry-run"])).Good();
        var search = SearchFolder.Open(folder.At("search"), SearchTasks.All);
        foreach (var (i, trial) in search.Trials.Index())
            search.Write(trial, new TrialRecord { Status = i < failed ? RunStatus.Failed : RunStatus.Diverged, Steps = 0, Settings = trial.Settings, Reason = Reason, Version = "1" });
    }
}
