using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class IdxImagesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("a")]
    [InlineData("a.gz")]
    public void Read_GivesThePixelsAfterTheHeader(string name)
    {
        var pixels = IdxImages.Read(folder.Write(name, DataFiles.Idx(3, i => (byte)(i % 251))));
        Assert.Equal(Enumerable.Range(0, 3 * 784).Select(i => (byte)(i % 251)), pixels);
    }

    [Fact]
    public void Read_RefusesALabelFile() =>
        Fails(DataFiles.Idx(1, _ => 0, magic: 2049), ": starts with the number 2049; expected 2051, the mark of IDX images");

    [Fact]
    public void Read_RefusesAnotherSize() =>
        Fails(DataFiles.Idx(1, _ => 0, rows: 32, columns: 30), ": images of 32 x 30 pixels; expected 28 x 28");

    /// <summary>One side is enough; the last has as many pixels as are expected.</summary>
    [Theory]
    [InlineData(28, 30)]
    [InlineData(32, 28)]
    [InlineData(14, 56)]
    public void Read_RefusesAnotherHeightOrWidth(int rows, int columns) =>
        Fails(DataFiles.Idx(1, _ => 0, rows: rows, columns: columns), $": images of {rows} x {columns} pixels; expected 28 x 28");

    [Fact]
    public void Read_RefusesAFileThatIsCutOffOrTooLong()
    {
        var whole = DataFiles.Idx(2, _ => 0);
        Fails(whole[..^1], ": 1567 bytes of pixels; expected 1568 for the 2 images that it states");
        Fails([.. whole, 0], ": more bytes of pixels; expected 1568 for the 2 images that it states");
    }

    [Fact]
    public void Read_RefusesTooLittle()
    {
        Fails([], ": empty; expected IDX images, 16 bytes and then the pixels");
        Fails(new byte[7], ": 7 bytes; expected IDX images, 16 bytes and then the pixels");
        Fails(DataFiles.Idx(0, _ => 0), ": states 0 images; expected at least 1");
    }

    [Fact]
    public void Read_RefusesMoreImagesThanItWouldHold() =>
        Fails([.. DataFiles.Idx(0, _ => 0)[..4], 0xff, 0xff, 0xff, 0xff, .. DataFiles.Idx(1, _ => 0)[8..]], ": states 4294967295 images; expected at most 2000000");

    [Fact]
    public void Read_TakesGzipWithoutTheEnding()
    {
        File.Move(folder.Write("a.gz", DataFiles.Idx(3, i => (byte)(i % 251))), folder.At("a"));
        Assert.Equal(3 * 784, IdxImages.Read(folder.At("a")).Length);
    }

    [Fact]
    public void Read_RefusesGzipDataThatIsCutOff()
    {
        var path = folder.Write("a.gz", DataFiles.Idx(200, i => (byte)(i * 31 >> 3)));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Assert.Contains("not whole gzip data", Assert.Throws<InputException>(() => IdxImages.Read(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Fails(byte[] content, string message)
    {
        var path = folder.Write("a", content);
        Assert.Equal(path + message, Assert.Throws<InputException>(() => IdxImages.Read(path)).Message);
    }
}
