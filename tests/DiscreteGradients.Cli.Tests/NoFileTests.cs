using System.Diagnostics;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>What has the name of a file and is none, for every command that reads one: it is named, and nothing waits.</summary>
[Collection(nameof(InProcess))]
public sealed class NoFileTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("evaluate RUN", "settings.json")]
    [InlineData("evaluate RUN", "checkpoint/state.safetensors")]
    [InlineData("export RUN", "settings.json")]
    [InlineData("export RUN", "checkpoint/state.safetensors")]
    [InlineData("export RUN --format tensorboard", "metrics.jsonl")]
    [InlineData("results RUN", "settings.json")]
    [InlineData("parse RUN 5", "settings.json")]
    [InlineData("gradients vae --run RUN", "checkpoint/state.safetensors")]
    [InlineData("train vae --resume RUN", "settings.json")]
    [InlineData("train vae --settings RUN/s.toml", "s.toml")]
    [InlineData("train vae --data RUN", "train-images-idx3-ubyte")]
    [InlineData("train listops --data RUN/train.tsv", "train.tsv")]
    [InlineData("data check RUN/train.tsv", "train.tsv")]
    [InlineData("bench report RUN/b.json", "b.json")]
    [InlineData("search RUN/s.toml --out o", "s.toml")]
    [InlineData("train vae --resume RUN --quiet", "metrics.jsonl")]
    [InlineData("evaluate RUN --samples 1 --quiet", "evaluation-test-5-1-0.partial.jsonl")]
    [InlineData("export RUN --out RUN/w.safetensors", "w.safetensors")]
    public async Task IsNamed(string command, string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes and devices are told by the system");
        foreach (var kind in new[] { "pipe", "folder", "device" })
        {
            var copy = run.Copy();
            File.WriteAllText(Path.Combine(copy, "t10k-images-idx3-ubyte"), "");
            var path = Path.Combine(copy, name);
            File.Delete(path);
            if (kind == "folder") Directory.CreateDirectory(path);
            else if (kind == "device") File.CreateSymbolicLink(path, "/dev/zero");
            else using (var made = Process.Start("mkfifo", [path])) made.WaitForExit();

            var outcome = await InProcess.Run(folder.FullPath, [.. command.Replace("RUN", copy, StringComparison.Ordinal).Split(' ')]);
            Assert.True(outcome.Code == ExitCode.BadInput && outcome.Error.Count(c => c == '\n') == 1, $"{kind}: {outcome}");
            Assert.Contains(kind == "folder" ? Path.GetFileName(copy) : path, outcome.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("index.jsonl")]
    [InlineData("plans.json")]
    public async Task ACacheOfASearchIsDoneWithout(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are told by the system");
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 4, interval: 2));
        (await InProcess.Run(folder.FullPath, ["search", "spec.toml", "--out", "search", "--launcher", "slurm", "--dry-run"])).Good();
        var search = SearchFolder.Open(folder.At("search"), SearchTasks.All);
        search.Write(search.Trials[0], new TrialRecord { Status = RunStatus.Diverged, Steps = 1, Settings = search.Trials[0].Settings, Version = "1" });
        var before = (await InProcess.Run(folder.FullPath, ["status", "search", "--json"])).Good();
        File.Delete(folder.At($"search/{name}"));
        using (var made = Process.Start("mkfifo", [folder.At($"search/{name}")])) made.WaitForExit();
        Assert.Equal(before, (await InProcess.Run(folder.FullPath, ["status", "search", "--json"])).Good());
    }

    [Fact]
    public async Task ACommandWithoutAPlaceToStopAtIsLeft() =>
        Assert.Equal(new(ExitCode.Interrupted, "", "dgrad: stopped.\n"), await InProcess.Run(folder.FullPath, ["results", run.Path], new CancellationToken(canceled: true)));

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public async Task AStepOfMinutesIsLeft()
    {
        using var dgrad = Dgrad.Start(folder.FullPath, "train", "vae", "--batch-size", "20000", "--estimator", "gr-mc:100000", "--out", "run", "--quiet");
        await dgrad.Until(folder.At("run/metrics.jsonl"));
        dgrad.Interrupt();
        Assert.Equal(new(ExitCode.Interrupted, "", "dgrad: stopped.\n"), await dgrad.End(TimeSpan.FromMinutes(1)));
    }

    public void Dispose() => folder.Dispose();
}
