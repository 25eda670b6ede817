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
        var pixels = new float[800 * 784];
        images.CopyTo([.. Enumerable.Range(0, 800)], pixels);
        for (var i = 0; i < 800; i++)
        {
            var on = Enumerable.Range(0, 784).Where(k => pixels[i * 784 + k] == 1);
            Assert.Equal(new[] { i % 784, 783 - i % 784 }.Order(), on);
        }
    }

    [Fact]
    public void Read_TakesALastLineWithoutItsEnd()
    {
        Assert.Equal(2, AmatImages.Read(folder.Write("a.amat", DataFiles.Amat(2).TrimEnd('\n'))).Count);
    }

    [Theory]
    [InlineData("0 1 0", ", line 3: 3 values; " + Expected)]
    [InlineData("", ", line 3: 0 values; " + Expected)]
    [InlineData("0 1 2 0", ", line 3, column 5: '2'; " + Expected)]
    [InlineData("0 1  0", ", line 3, column 5: a space; " + Expected)]
    [InlineData("0,1", ", line 3, column 2: ','; " + Expected)]
    [InlineData("0 \u0001", ", line 3, column 3: byte 1; " + Expected)]
    public void Read_NamesTheLineThatIsWrong(string line, string message) => Fails(DataFiles.Amat(2) + line + "\n" + DataFiles.Amat(1), message);

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
        foreach (var length in new[] { whole.Length / 2, whole.Length - 9, whole.Length - 8, whole.Length - 1, 5, 0 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var message = Assert.Throws<InputException>(() => AmatImages.Read(path)).Message;
            Assert.Matches($"^{path}: not whole gzip data \\(.*\\); expected a complete .gz file$", message);
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
        File.WriteAllText(path, DataFiles.Amat(2)); // plain text under a .gz name
        Assert.Contains("not whole gzip data", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesAFileThatIsMissing()
    {
        var path = folder.At("none.amat");
        Assert.StartsWith(path + ": cannot be read (", Assert.Throws<InputException>(() => AmatImages.Read(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Fails(string content, string message)
    {
        var path = folder.Write("a.amat", content);
        Assert.Equal(path + message, Assert.Throws<InputException>(() => AmatImages.Read(path)).Message);
    }
}
