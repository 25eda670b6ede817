using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AHeldFolderIsRefused_AndAFreedOneIsNot()
    {
        var path = folder.At("run");
        using (RunFolder.Open(path))
        {
            var error = Assert.Throws<FolderInUseException>(() => RunFolder.Open(path));
            Assert.Equal($"{path} is in use by another run; expected a folder of its own for each.", error.Message);
        }
        RunFolder.Open(path).Dispose();
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsNamed()
    {
        var path = Path.Combine(folder.Write("file", "x"), "run");
        Assert.StartsWith($"{path} cannot be made: ", Assert.Throws<InputException>(() => RunFolder.Open(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>As on a file system that can only be read: what stands in the way here is a file.</summary>
    [Fact]
    public void AFolderThatCannotBeWrittenIsNotSaidToBeInUse()
    {
        var path = folder.At("run");
        RunFolder.Open(path).Dispose();     // leaves its lock
        Directory.Delete(Path.Combine(path, "checkpoint"));
        folder.Write("run/checkpoint", "");
        var error = Assert.Throws<InputException>(() => RunFolder.Open(path));
        Assert.StartsWith($"{path} cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timing.jsonl")]
    [InlineData("metrics.jsonl")]
    [InlineData("result.json")]
    public void NothingIsWrittenIntoAPipe(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are told by the system");
        using var run = RunFolder.Open(folder.At("run"));
        using (var made = System.Diagnostics.Process.Start("mkfifo", [folder.At($"run/{name}")])) made.WaitForExit();
        Action write = name switch
        {
            "timing.jsonl" => () => new TimingLine(1, 1, 1, default).Append(run.Path),
            "metrics.jsonl" => () => run.OpenMetrics(0).Dispose(),
            _ => () => RunFolder.WriteJson(run.Path, name, 1),
        };
        Assert.Equal($"{folder.At($"run/{name}")} is a pipe or a device; expected a regular file.", Assert.Throws<InputException>(write).Message);
    }

    [Fact]
    public void OtherSettingsAreRefused()
    {
        using var run = RunFolder.Open(folder.At("run"));
        var settings = new VaeSettings { Temperature = 0.1, Seed = ulong.MaxValue };
        run.Claim(settings);
        run.Claim(settings with { Temperature = 0.1 });
        Assert.Equal(settings, RunFolder.ReadSettings<VaeSettings>(run.Path));
        Assert.StartsWith($"{run.Path} holds a run of other settings", Assert.Throws<InputException>(() => run.Claim(settings with { Seed = 1 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"arity\": 4")]
    [InlineData("{\"arity\": \"x\"}")]
    [InlineData("{\"colour\": 1}")]
    [InlineData("{\"architecture\": 1}")]
    public void SettingsThatAreNoneAreRefused(string text)
    {
        folder.Write("settings.json", text);
        var error = Assert.Throws<InputException>(() => RunFolder.ReadSettings<VaeSettings>(folder.FullPath));
        Assert.StartsWith(folder.At("settings.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutSettingsIsNoRunFolder() =>
        Assert.Equal($"{folder.FullPath} is no run folder: it has no settings.json.", Assert.Throws<InputException>(() => RunFolder.ReadSettings<VaeSettings>(folder.FullPath)).Message);

    [Fact]
    public void ABrokenEvaluationIsNamed()
    {
        folder.Write("evaluation-test.json", "{");
        var error = Assert.Throws<InputException>(() => BoundRecord.Read(folder.FullPath, Split.Test));
        Assert.StartsWith(folder.At("evaluation-test.json"), error.Message, StringComparison.Ordinal);
        Assert.Null(BoundRecord.Read(folder.FullPath, Split.Valid));
    }

    [Theory]
    [InlineData("metrics.jsonl")]
    [InlineData("timing.jsonl")]
    [InlineData(".lock")]
    [InlineData("checkpoint")]
    public void NothingIsWrittenThroughASymbolicLink(string name)
    {
        var other = folder.Write("other", "mine");
        Directory.CreateDirectory(folder.At("run"));
        File.CreateSymbolicLink(folder.At($"run/{name}"), other);
        var error = Assert.Throws<InputException>(() =>
        {
            using var run = RunFolder.Open(folder.At("run"));
            run.OpenMetrics(0).Dispose();
            new TimingLine(1, 1, 1, default).Append(run.Path);
        });
        Assert.StartsWith($"{folder.At($"run/{name}")} is a symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(other));
    }

    [Fact]
    public void MetricsAreCutWhereTheCheckpointStands()
    {
        using var run = RunFolder.Open(folder.At("run"));
        using (var metrics = run.OpenMetrics(0)) metrics.Write("one\ntwo\n"u8);
        using (var metrics = run.OpenMetrics(4)) metrics.Write("three\n"u8);
        Assert.Equal("one\nthree\n", File.ReadAllText(run.MetricsPath));
        Assert.StartsWith($"{run.MetricsPath} has 10 bytes; the checkpoint expects 11.", Assert.Throws<InputException>(() => run.OpenMetrics(11)).Message, StringComparison.Ordinal);
        Assert.Equal("one\nthree\n", File.ReadAllText(run.MetricsPath));
    }

    public void Dispose() => folder.Dispose();
}
