using System.Diagnostics;

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

    [Fact]
    public async Task ACommandWithoutAPlaceToStopAtIsLeft() =>
        Assert.Equal(new(ExitCode.Interrupted, "", "dgrad: stopped.\n"), await InProcess.Run(folder.FullPath, ["results", run.Path], new CancellationToken(canceled: true)));

    public void Dispose() => folder.Dispose();
}
