using System.IO.Compression;
using System.Text;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class AmatImagesTests : IDisposable
{
    private const string Expected = "expected 784 of 0 or 1, separated by single spaces";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("\n", "a.amat")]
    [InlineData("\r\n", "a.amat")]
    [InlineData(" \n", "a.amat")]
    [InlineData("\n", "a.amat.gz")]
    public void Read_GivesEachLinesPixels(string lineEnd, string name)
    {
        var images = AmatImages.Read(folder.Write(name, DataFiles.Amat(800, lineEnd)));
        Assert.Equal(800, images.Count);
        using var batch = images.Batch([.. Enumerable.Range(0, 800)]);
        var pixels = batch.data<float>().ToArray();
        for (var i = 0; i < 800; i++)
        {
            var on = Enumerable.Range(0, 784).Where(k => pixels[i * 784 + k] == 1);
            Assert.Equal(new[] { i % 784, 783 - i % 784 }.Order(), on);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\r\n")]
    [InlineData("\n \t\n")]
    public void Read_TakesAByteOrderMarkAndBlankLinesAtTheEnd(string end)
    {
        var expected = AmatImages.Read(folder.Write("a.amat", DataFiles.Amat(2)));
        var found = AmatImages.Read(folder.Write("b.amat", [0xef, 0xbb, 0xbf, .. Encoding.ASCII.GetBytes(DataFiles.Amat(2).TrimEnd('\n') + end)]));
        Assert.Equal(expected.Sha256, found.Sha256);
    }

    [Fact]
    public void Read_NamesALineThatIsMuchTooLong() => Fails(DataFiles.Amat(1) + new string('0', 100_000), ", line 2: more than 3134 bytes; expected at most so many");

    [Theory]
    [InlineData("a.gz")]
    [InlineData("a.amat")]
    public void Read_TakesGzipOfSeveralMembersUnderAnyName(string name)
    {
        var whole = AmatImages.Read(folder.Write("whole.amat", DataFiles.Amat(100)));
        var text = DataFiles.Amat(100);
        byte[] members = [.. Zip(text[..5000]), .. Zip(""), .. Zip(text[5000..100_000]), .. Zip(text[100_000..])];
        File.WriteAllBytes(folder.At(name), members);
        Assert.Equal(whole.Sha256, AmatImages.Read(folder.At(name)).Sha256);
        foreach (var cut in new[] { 1, 8, 9, 30, members.Length - 30 })
        {
            File.WriteAllBytes(folder.At(name), members[..^cut]);
            Assert.Contains("not whole gzip data", Assert.Throws<InputException>(() => AmatImages.Read(folder.At(name))).Message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(folder.At(name), [.. members, .. "more"u8]);
        Assert.Contains("something follows it", Assert.Throws<InputException>(() => AmatImages.Read(folder.At(name))).Message, StringComparison.Ordinal);
    }

    /// <summary>The lines are right, so that only the size can be what is refused; memory stays that of the bits.</summary>
    [Fact]
    public void Read_RefusesAFileThatExpandsTooFar()
    {
        var path = folder.At("bomb.amat.gz");
        var line = Encoding.ASCII.GetBytes(DataFiles.AmatLine() + "\n");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal))
        {
            for (var i = 0; i < 45_000; i++) gzip.Write(line);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{path}: expands to more than 64 MiB; expected at most 50 times the file's size or 64 MiB", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 << 20);
    }

    [Fact]
    public void Read_RefusesWhatIsNoFile()
    {
        Assert.Equal($"{folder.FullPath} is a folder; expected a file.", Assert.Throws<InputException>(() => AmatImages.Read(folder.FullPath)).Message);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes and devices are told by the system");
        Assert.Equal("/dev/zero is a pipe or a device; expected a regular file.", Assert.Throws<InputException>(() => AmatImages.Read("/dev/zero")).Message);
        Assert.Equal("/proc/self/fd is a folder; expected a file.", Assert.Throws<InputException>(() => AmatImages.Read("/proc/self/fd")).Message);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [folder.At("pipe")])) made.WaitForExit();
        Assert.Equal($"{folder.At("pipe")} is a pipe or a device; expected a regular file.", Assert.Throws<InputException>(() => AmatImages.Read(folder.At("pipe"))).Message);
    }

    [Theory]
    [InlineData("0 1 0", ", line 3: 3 values; " + Expected)]
    [InlineData("", ", line 3: 0 values; " + Expected)]
    [InlineData(" \n\n", ", line 3: 0 values; " + Expected)]
    [InlineData("0\u00a01", ", line 3, column 2: 'U+00A0'; " + Expected)]
    [InlineData("\ufeff0 1", ", line 3, column 1: 'U+FEFF'; " + Expected)]
    [InlineData("0 1 2 0", ", line 3, column 5: '2'; " + Expected)]
    [InlineData("0 1  0", ", line 3, column 5: a space; " + Expected)]
    [InlineData("0,1", ", line 3, column 2: ','; " + Expected)]
    [InlineData("0 \u0001", ", line 3, column 3: 'U+0001'; " + Expected)]
    public void Read_NamesTheLineThatIsWrong(string line, string message) => Fails(DataFiles.Amat(2) + line + "\n" + DataFiles.Amat(1), message);

    // As a text of another encoding than UTF-8 has it.
    [Fact]
    public void Read_NamesAByteThatIsNoCharacter()
    {
        var path = folder.Write("a.amat", [.. Encoding.ASCII.GetBytes(DataFiles.Amat(1) + "0 1"), 0xe9, (byte)'\n']);
        Assert.Equal($"{path}, line 2, column 4: byte 233; {Expected}",
            Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
    }

    [Fact]
    public void Read_NamesALineThatIsTooLong() => Fails(DataFiles.AmatLine() + " 1\n", ", line 1: 785 values; " + Expected);

    [Fact]
    public void Read_NamesAWrongCharacterInALineOfTheRightLength()
    {
        foreach (var (column, found) in new[] { (1, 'x'), (784, '_'), (1566, '0'), (1567, '3') })
        {
            var line = DataFiles.AmatLine().ToCharArray();
            line[column - 1] = found;
            Fails(DataFiles.Amat(1) + new string(line) + "\n", $", line 2, column {column}: '{found}'; {Expected}");
        }
    }

    [Fact]
    public void Read_RefusesAnEmptyFile()
    {
        Fails("", ": empty; expected a line an image, 784 of 0 or 1");
        var path = folder.At("b.amat.gz");
        File.WriteAllBytes(path, Convert.FromHexString("1f8b080000000000000303000000000000000000")); // gzip's empty file
        Assert.Equal(path + ": empty; expected a line an image, 784 of 0 or 1", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
    }

    [Fact]
    public void Read_RefusesGzipDataThatIsCutOff()
    {
        var path = folder.Write("a.amat.gz", DataFiles.Amat(2000));
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { whole.Length / 2, whole.Length - 9, whole.Length - 8, whole.Length - 1, 5, 2 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var message = Assert.Throws<InputException>(() => AmatImages.Read(path)).Message;
            Assert.Matches($"^{path}: not whole gzip data \\(.*\\); expected a complete gzip file$", message);
        }
    }

    [Fact]
    public void Read_RefusesGzipDataThatIsDamaged()
    {
        var path = folder.Write("a.amat.gz", DataFiles.Amat(20));
        var bytes = File.ReadAllBytes(path);
        bytes[^6] ^= 1; // the check sum
        File.WriteAllBytes(path, bytes);
        Assert.Contains("not whole gzip data", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TakesPlainTextUnderAGzipName()
    {
        File.WriteAllText(folder.At("a.amat.gz"), DataFiles.Amat(2));
        Assert.Equal(2, AmatImages.Read(folder.At("a.amat.gz")).Count);
    }

    [Fact]
    public void Read_NamesAFileThatIsMissing()
    {
        var path = folder.At("none.amat");
        Assert.Equal(path + ": no such file.", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
    }

    public void Dispose() => folder.Dispose();

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(Encoding.ASCII.GetBytes(text));
        return zipped.ToArray();
    }

    private void Fails(string content, string message)
    {
        var path = folder.Write("a.amat", content);
        Assert.Equal(path + message, Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
    }
}
