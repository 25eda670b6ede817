using System.Globalization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Tests;

public sealed class InterruptionTests(TrainedRun whole) : IDisposable
{
    private const string Often = "0.05", Checkpoint = "checkpoint/state.safetensors";
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task KilledAgainAndAgain_TheRunEndsWithTheSameBits()
    {
        var (path, random, kills) = (folder.At("run"), new Random(1), 0);
        for (var starts = 1; kills < 5; starts++)
        {
            Assert.True(starts <= 50, "the run ends before it can be killed five times");
            using var dgrad = Start(path);
            // The first comes while the program starts; the others at any moment between two checkpoints.
            if (kills > 0) await dgrad.UntilWritten(Path.Combine(path, Checkpoint));
            await Task.Delay(random.Next(kills > 0 ? 80 : 200), TestContext.Current.CancellationToken);
            dgrad.Kill();
            if ((await dgrad.End()).Code != 0)
            {
                kills++;
                continue;
            }
            Directory.Delete(path, recursive: true);   // it ended first: from the beginning
            kills = 0;
        }
        (await Start(path).End()).Good();
        whole.AssertSame(path);
        Assert.Empty(Directory.EnumerateFiles(path, "*.tmp"));
    }

    [Fact]
    public async Task AfterCtrlC_TheRunSaysHowToGoOn_AndGoesOnToTheSameBits()
    {
        var path = folder.At("my run");
        for (var stop = 0; stop < 2; stop++)
        {
            var outcome = await Dgrad.Interrupted(() => Start(path), path, Checkpoint);
            Assert.Equal(130, outcome.Code);
            var lines = outcome.Error.TrimEnd('\n').Split('\n');
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"^stopped at step \d+; go on with: dgrad train vae --resume '{path}'$"), lines[^2]);
            Assert.Equal("dgrad: stopped.", lines[^1]);
            Assert.Equal("", outcome.Output);
        }
        (await Start(path).End()).Good();
        whole.AssertSame(path);
    }

    [Fact]
    public async Task AQuietCtrlCSaysOneLine()
    {
        var path = folder.At("run");
        var outcome = await Dgrad.Interrupted(() => Dgrad.Start(folder.FullPath, ["train", "vae", "--out", path, .. whole.Options, "--checkpoint-seconds", Often, "--quiet"]), path, Checkpoint);
        Assert.Equal(new(130, "", "dgrad: stopped.\n"), outcome);
    }

    [Fact]
    public async Task TwoProcessesCannotShareARun()
    {
        using var held = RunFolder.Open(folder.At("run"));
        var second = await Start(folder.At("run")).End();
        Assert.Equal(new(2, "", $"dgrad: {folder.At("run")} is in use by another run; expected a folder of its own for each.\n"), second);
    }

    [Fact]
    public async Task ARunThatIsDoneStaysAsItIs()
    {
        var copy = whole.Copy();
        var outcome = (await Dgrad.Run(folder.FullPath, "train", "vae", "--resume", copy, "--json", "--quiet")).Good();
        Assert.Equal(whole.Output, outcome.Output);
        whole.AssertSame(copy);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Starts the run, or goes on with it.</summary>
    private Dgrad Start(string path) => Dgrad.Start(folder.FullPath,
        ["train", "vae", .. File.Exists(Path.Combine(path, "settings.json")) ? ["--resume", path] : (string[])["--out", path, .. whole.Options], "--checkpoint-seconds", Often]);
}
