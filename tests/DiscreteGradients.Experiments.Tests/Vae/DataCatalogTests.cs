using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class DataCatalogTests : IDisposable
{
    private static readonly DataChecksums Small = DataFiles.Checksums(3, 2, 1);
    private readonly TemporaryFolder cache = new();

    private string Set => cache.At("binarized-mnist");

    [Fact]
    public void Open_TakesANameOrADirectory()
    {
        DataFiles.WriteAmat(cache, 2, 1, 1);
        var catalog = new DataCatalog(cache.FullPath);
        Assert.Equal("MNIST (embedded)", catalog.Open(null).Name);
        Assert.Equal("MNIST (embedded)", new DataCatalog().Open("mnist").Name);
        Assert.Equal(2, new DataCatalog().Open(cache.FullPath).Train.Count);
        Assert.Equal("--data nowhere: no such directory; expected mnist, binarized-mnist or a directory of data files",
            Assert.Throws<InputException>(() => new DataCatalog().Open("nowhere")).Told(Wording.Dgrad));
    }

    [Fact]
    public void Open_SaysHowToGetTheSet()
    {
        var catalog = new DataCatalog(cache.FullPath);
        Assert.Equal($"binarized-mnist is not in {Set}; get it with `dgrad data get binarized-mnist`, or put binarized_mnist_train.amat, binarized_mnist_valid.amat, binarized_mnist_test.amat, plain or .gz, into {Set}, or give the directory that holds them with --data DIR",
            Assert.Throws<InputException>(() => catalog.Open("binarized-mnist")).Told(Wording.Dgrad));
        Directory.CreateDirectory(Set);
        foreach (var name in DataFiles.AmatNames)
            cache.Write($"binarized-mnist/{name}", DataFiles.Amat(1));
        var sum = DataFiles.Checksums(1, 1, 1).Train;
        Assert.Equal($"{Set}: not the standard set (SHA-256 {sum}, {sum}, {sum}); get it anew with `dgrad data get binarized-mnist`",
            Assert.Throws<InputException>(() => catalog.Open("binarized-mnist")).Told(Wording.Dgrad));
    }

    [Fact]
    public void Open_TakesAPartOfTheSetForNone()
    {
        Directory.CreateDirectory(Set);
        cache.Write($"binarized-mnist/{DataFiles.AmatNames[0]}", DataFiles.Amat(1));
        Assert.StartsWith($"binarized-mnist is not in {Set}; get it with `dgrad data get binarized-mnist`, or ",
            Assert.Throws<InputException>(() => new DataCatalog(cache.FullPath).Open("binarized-mnist")).Told(Wording.Dgrad),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ReportsThePartsAndWhetherItIsTheStandardSet()
    {
        DataFiles.WriteAmat(cache, 3, 2, 1);
        Assert.Equal(
            $"""
            .amat files in {Path.GetFileName(cache.FullPath)} (3/2/1)
            binarisation: as in the files
            train      3 images, mean pixel 0.0026, SHA-256 {Small.Train}
            valid      2 images, mean pixel 0.0026, SHA-256 {Small.Valid}
            test       1 images, mean pixel 0.0026, SHA-256 {Small.Test}
            This is not the standard set, binarized-mnist.
            """, DataCatalog.Check(cache.FullPath));
        Assert.Throws<InputException>(() => DataCatalog.Check(cache.At("none")));
    }

    // An eighth, a quarter and a half of the pixels.
    [Fact]
    public void Check_HasTheMeanPixelOfEachPart()
    {
        foreach (var (name, lit, images) in DataFiles.AmatNames.Zip([98, 196, 392], [2, 1, 3]))
        {
            var line = DataFiles.AmatLine([.. Enumerable.Range(0, lit)]);
            cache.Write(name, string.Concat(Enumerable.Repeat(line + "\n", images)));
        }
        var lines = DataCatalog.Check(cache.FullPath).Split('\n');
        Assert.StartsWith("train      2 images, mean pixel 0.1250, SHA-256 ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("valid      1 images, mean pixel 0.2500, SHA-256 ", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("test       3 images, mean pixel 0.5000, SHA-256 ", lines[4], StringComparison.Ordinal);
    }

    public void Dispose() => cache.Dispose();
}
