using System.Globalization;
using DiscreteGradients.Experiments.Tests.Vae;

namespace DiscreteGradients.Cli.Tests;

public sealed class InterruptionTests(TrainedRun whole) : IDisposable
{
    private const string Often = "0.05";
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task KilledAgainAndAgain_TheRunEndsWithTheSameBits()
    {
        var (path, random) = (folder.At("run"), new Random(1));
        for (var kill = 0; kill < 5; kill++)
        {
            using var dgrad = Start(path);
            if (kill > 0) await dgrad.UntilWritten(Path.Combine(path, "checkpoint", "state.safetensors"));
            await Task.Delay(random.Next(400), TestContext.Current.CancellationToken);
            dgrad.Kill();
            Assert.NotEqual(0, (await dgrad.End()).Code);
        }
        (await Start(path).End()).Good();
        whole.AssertSame(path);
        Assert.Empty(Directory.EnumerateFiles(path, "*.tmp"));
    }

    [Fact]
    public async Task AfterCtrlC_TheRunSaysHowToGoOn_AndGoesOnToTheSameBits()
    {
        var path = folder.At("run");
        for (var stop = 0; stop < 2; stop++)
        {
            using var stopped = Start(path);
            await stopped.Until(Path.Combine(path, "checkpoint", "state.safetensors"));
            await Task.Delay(stop * 1000, TestContext.Current.CancellationToken);
            stopped.Interrupt();
            var outcome = await stopped.End();
            Assert.Equal(130, outcome.Code);
            var lines = outcome.Error.TrimEnd('\n').Split('\n');
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"^stopped at step \d+; go on with: dgrad train vae --resume {path}$"), lines[^2]);
            Assert.Equal("dgrad: stopped.", lines[^1]);
            Assert.Equal("", outcome.Output);
        }
        (await Start(path).End()).Good();
        whole.AssertSame(path);
    }

    [Fact]
    public async Task AQuietCtrlCSaysOneLine()
    {
        using var stopped = Dgrad.Start(folder.FullPath, ["train", "vae", "--out", folder.At("run"), .. whole.Options, "--checkpoint-seconds", Often, "--quiet"]);
        await stopped.Until(folder.At("run/checkpoint/state.safetensors"));
        stopped.Interrupt();
        Assert.Equal(new(130, "", "dgrad: stopped.\n"), await stopped.End());
    }

    [Fact]
    public async Task TwoProcessesCannotShareARun()
    {
        using var first = Start(folder.At("run"));
        await first.Until(folder.At("run/checkpoint/state.safetensors"));
        var second = await Start(folder.At("run")).End();
        first.Kill();
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
