using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task AReaderSeesOneContentOrTheOther()
    {
        var path = folder.At("a");
        AtomicFile.Write(path, Content(0));
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= 100; i++) AtomicFile.Write(path, Content(i));
            done.Cancel();
        }, TestContext.Current.CancellationToken);
        while (!done.IsCancellationRequested)
        {
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(Content(text[0] - 'a'), text);
        }
        await writer;
        Assert.Equal(Content(100), await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.EnumerateFiles(folder.FullPath));
        static string Content(int i) => new((char)('a' + i % 26), 100_000 + i % 26);
    }

    [Fact]
    public void WhatAKilledProcessLeftIsDeletedWhenARunIsOpened_AndNothingOfOthers()
    {
        string[] others =
        [
            "notes.tmp", "notes.2024.tmp", "part-3-ab.tmp", "state.safetensors.elsewhere.999999999.0123456789abcdef0123456789abcdef.tmp",
        ];
        foreach (var name in others) folder.Write(name, "");
        folder.Write(OfAProcessThatIsGone(), "");
        RunFolder.Open(folder.FullPath).Dispose();
        Assert.Equal(others.Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder.FullPath, "*.tmp").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    // Of a process elsewhere nobody can tell but by the time since it wrote; one of here that runs is at work.
    [Fact]
    public void WhatAProcessElsewhereLeftIsDeletedAfterAnHour_AndWhatOneThatRunsWritesIsNot()
    {
        var (old, young) = ($"a.elsewhere.999999999.{new string('0', 32)}.tmp",
            $"b.elsewhere.999999999.{new string('0', 32)}.tmp");
        var own = OfAProcessThatIsGone().Replace(".999999999.", $".{Environment.ProcessId}.", StringComparison.Ordinal);
        foreach (var (name, minutes) in new[] { (old, 70), (young, 50), (own, 70) })
            File.SetLastWriteTimeUtc(folder.Write(name, ""), DateTime.UtcNow.AddMinutes(-minutes));
        AtomicFile.Clean(folder.FullPath);
        Assert.Equal(new[] { own, young }.Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder.FullPath, "*.tmp")
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFileIsMadeByOneOfManyAlone()
    {
        var path = folder.At("a");
        Assert.True(AtomicFile.TryCreate(path, "first"u8.ToArray()));
        Assert.False(AtomicFile.TryCreate(path, "second"u8.ToArray()));
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(folder.FullPath));
        Assert.Throws<InputException>(() => AtomicFile.Write(folder.FullPath, "in the place of a folder"));
    }

    [Fact]
    public void AFailureInTheMiddleLeavesTheOldContentAndNothingElse()
    {
        var path = folder.At("a");
        AtomicFile.Write(path, "old");
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(folder.FullPath));
    }

    [Fact]
    public void TextHasNoByteOrderMark()
    {
        AtomicFile.Write(folder.At("a"), "τ");
        Assert.Equal([0xCF, 0x84], File.ReadAllBytes(folder.At("a")));
    }

    public void Dispose() => folder.Dispose();

    // As a write of this process names it, with the number of another.
    private string OfAProcessThatIsGone()
    {
        var name = "";
        AtomicFile.Write(folder.At("a"), _ => name = Path.GetFileName(Directory.EnumerateFiles(folder.FullPath, "a.*.tmp").Single()));
        return name.Replace($".{Environment.ProcessId}.", ".999999999.", StringComparison.Ordinal);
    }
}
