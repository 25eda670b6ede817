using System.Text;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>Files of JSON lines, which may be written while they are read.</summary>
public sealed class LogFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ALogKeepsWholeLines_WhateverIsInThem()
    {
        var path = folder.Write("log", "τ = 0.5\n\nthird ½\ncut o");
        using (var log = new LineLog(path))
        {
            Assert.Equal(["τ = 0.5", "", "third ½"], log.Lines);
            Assert.Equal(Encoding.UTF8.GetByteCount("τ = 0.5\n\nthird ½\n"), new FileInfo(path).Length);
            log.Keep(1);
            log.Add("λ");
        }
        Assert.Equal("τ = 0.5\n\"λ\"\n", File.ReadAllText(path));
        using (var log = new LineLog(path)) log.Keep(0);
        Assert.Empty(File.ReadAllBytes(path));
    }

    [Fact]
    public void ALogThatIsOpenedAndKeptAsItIsHasTheTimeOfItsLastLine()
    {
        var (path, time) = (folder.Write("log", "1\n2\n"), DateTime.UnixEpoch.AddDays(1));
        File.SetLastWriteTimeUtc(path, time);
        using (var log = new LineLog(path)) log.Keep(2);
        Assert.Equal(time, File.GetLastWriteTimeUtc(path));
        using (var log = new LineLog(path)) log.Add(3);
        Assert.NotEqual(time, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void AMeasurementThatGoesOnIsReadAsFarAsItsLinesAreWhole()
    {
        Directory.CreateDirectory(folder.At("work"));
        folder.Write("work/work.jsonl",
            "{\"key\":\"a\",\"part\":1}\n{\"key\":\"b\",\"part\":2}\n{\"key\":\"a\",\"part\":3}\n{\"key\":\"c\",\"pa");
        Assert.Equal([("a", 3.0), ("b", 2.0)], WorkLog<double>.Read(folder.At("work"))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void ALineOfMetricsHasItsStepAndItsNumbers()
    {
        folder.Write("metrics.jsonl",
            "{\"step\":100,\"loss\":2.5,\"note\":\"x\"}\n{\"step\":200,\"bound\":{\"a\":1},\"loss\":1}\n{\"step\":3");
        var lines = MetricsLine.Read(folder.FullPath);
        Assert.Equal([100, 200], lines.Select(line => line.Step));
        Assert.Equal([("loss", 2.5)], lines[0].Numbers);
        Assert.Equal([("loss", 1.0)], lines[1].Numbers);
        Assert.Null(lines[0].Number("bound"));
        Assert.Equal(2.5, lines[0].Number("loss"));
        // What is there and is no number is named with its line.
        Assert.StartsWith($"{folder.At("metrics.jsonl")}, line 2, is not a line of metrics: bound",
            Assert.Throws<InputException>(() => lines[1].Number("bound")).Message, StringComparison.Ordinal);
        folder.Write("metrics.jsonl", "{\"step\":100}\n{\"loss\":1}\n");
        Assert.StartsWith($"{folder.At("metrics.jsonl")}, line 2, is not a line of metrics: step",
            Assert.Throws<InputException>(() => MetricsLine.Read(folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandsAreReadInTheOrderInWhichTheyWereGiven()
    {
        Assert.Empty(CommandRecord.Read(folder.FullPath));
        var before = DateTime.UtcNow;
        CommandRecord.Append(folder.FullPath, "dgrad one");
        CommandRecord.Append(folder.FullPath, "dgrad two");
        File.AppendAllText(folder.At("commands.jsonl"), "{\"utc\":");
        var commands = CommandRecord.Read(folder.FullPath);
        Assert.Equal(["dgrad one", "dgrad two"], commands.Select(one => one.Command));
        Assert.All(commands, one => Assert.InRange(one.Utc, before, DateTime.UtcNow));
        Assert.All(commands, one => Assert.Equal(ProgramVersion.Text, one.Version));
    }

    /// <summary>As where a disk was full: the rest of the line is lost, and nothing that is written when there is room.</summary>
    [Fact]
    public void ALineThatWasCutOffHidesNoLaterOne()
    {
        CommandRecord.Append(folder.FullPath, "dgrad one");
        new TimingLine(1, 1, 1, default).Append(folder.FullPath);
        foreach (var name in new[] { "commands.jsonl", "timing.jsonl" }) File.AppendAllText(folder.At(name), "{\"utc\":\"20");
        CommandRecord.Append(folder.FullPath, "dgrad two");
        new TimingLine(2, 2, 1, default).Append(folder.FullPath);
        // Nor where an earlier version has joined the next to it.
        foreach (var name in new[] { "commands.jsonl", "timing.jsonl" })
            File.AppendAllText(folder.At(name), "{\"utc\":\"20{\"utc\":\"2026-01-01\"}\n");
        CommandRecord.Append(folder.FullPath, "dgrad three");
        new TimingLine(3, 3, 1, default).Append(folder.FullPath);
        Assert.Equal(["dgrad one", "dgrad two", "dgrad three"], CommandRecord.Read(folder.FullPath).Select(one => one.Command));
        Assert.Equal([1, 2, 3], TimingLine.Read(folder.FullPath).Select(line => line.Step));
        // No line is ended twice.
        Assert.Equal(5, File.ReadAllLines(folder.At("timing.jsonl")).Length);
    }

    public void Dispose() => folder.Dispose();
}
