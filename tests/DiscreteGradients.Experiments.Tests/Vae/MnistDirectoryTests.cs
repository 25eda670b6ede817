using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class MnistDirectoryTests : IDisposable
{
    private const string Kinds = "binarized_mnist_train.amat, binarized_mnist_valid.amat, binarized_mnist_test.amat, or train-images-idx3-ubyte and t10k-images-idx3-ubyte, each plain or .gz";
    private readonly TemporaryFolder folder = new();

    private string Name => Path.GetFileName(folder.FullPath);

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void AmatFiles_AreTakenAsTheyAre(string suffix)
    {
        DataFiles.WriteAmat(folder, 5, 3, 2, suffix);
        var data = MnistData.Load(folder.FullPath);
        Assert.Equal((5, 3, 2), (data.Train.Count, data.Valid.Count, data.Test.Count));
        Assert.Equal($".amat files in {Name} (5/3/2)", data.Name);
        Assert.Equal("as in the files", data.Binarisation);
        Assert.Equal(data.Train.Slice(0, 3).Sha256, data.Valid.Sha256);
    }

    [Fact]
    public void TheSetHasTheNameOfItsFolder_WithOrWithoutASlashBehindIt()
    {
        DataFiles.WriteAmat(folder, 1, 1, 1);
        Assert.Equal($".amat files in {Name} (1/1/1)", MnistData.Load(folder.FullPath + Path.DirectorySeparatorChar).Name);
    }

    [Fact]
    public void PlainFilesComeBeforeGz_AndAmatBeforeIdx()
    {
        DataFiles.WriteAmat(folder, 5, 3, 2);
        DataFiles.WriteAmat(folder, 1, 1, 1, ".gz");
        folder.Write("train-images-idx3-ubyte", DataFiles.Idx(6, _ => 0));
        Assert.Equal(5, MnistData.Load(folder.FullPath).Train.Count);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")]
    [InlineData("train-images.idx3-ubyte", "t10k-images.idx3-ubyte.gz")]
    [InlineData("train-images-idx3-ubyte.gz", "t10k-images.idx3-ubyte")]
    public void IdxFiles_AreDrawnFromOneStream_TrainingFirst(string train, string test)
    {
        byte[] training = DataFiles.Idx(13, i => (byte)(i * 7)), testing = DataFiles.Idx(4, i => (byte)(i * 3));
        folder.Write(train, training);
        folder.Write(test, testing);
        var data = MnistData.Load(folder.FullPath);
        var drawn = new Binarizer(1).Binarize([.. training.AsSpan(16), .. testing.AsSpan(16)]);
        Assert.Equal(drawn.Slice(0, 11).Sha256, data.Train.Sha256);
        Assert.Equal(drawn.Slice(11, 2).Sha256, data.Valid.Sha256);
        Assert.Equal(drawn.Slice(13, 4).Sha256, data.Test.Sha256);
        Assert.Equal($"IDX files in {Name} (11/2/4)", data.Name);
        Assert.Equal(MnistData.Embedded().Binarisation, data.Binarisation);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(11, 1)]
    [InlineData(600, 100)]
    [InlineData(60_006, 10_000)]
    public void TheLastSixthOfIdxImagesIsForValidation_AtMost10000(int images, int valid)
    {
        folder.Write("train-images-idx3-ubyte", DataFiles.Idx(images, _ => 0));
        folder.Write("t10k-images-idx3-ubyte", DataFiles.Idx(1, _ => 0));
        var data = MnistData.Load(folder.FullPath);
        Assert.Equal((images - valid, valid), (data.Train.Count, data.Valid.Count));
    }

    [Fact]
    public void OneTrainingImageIsTooFew()
    {
        var path = folder.Write("train-images-idx3-ubyte", DataFiles.Idx(1, _ => 0));
        folder.Write("t10k-images-idx3-ubyte", DataFiles.Idx(1, _ => 0));
        Fails($"{path}: 1 image; expected at least 2, because the last sixth is the validation part");
    }

    [Fact]
    public void AMissingDirectoryIsNamed()
    {
        var missing = folder.At("none");
        var error = Assert.Throws<InputException>(() => MnistData.Load(missing));
        Assert.Equal($"{missing}: no such directory; expected one with {Kinds}", error.Message);
    }

    [Fact]
    public void ADirectoryOfOtherFilesIsRefused()
    {
        folder.Write("readme.txt", "x");
        Fails($"{folder.FullPath}: no data files; expected {Kinds}");
    }

    [Fact]
    public void TheFileThatIsMissingIsNamed()
    {
        folder.Write("t10k-images-idx3-ubyte.gz", DataFiles.Idx(1, _ => 0));
        Fails($"{folder.FullPath}: train-images-idx3-ubyte is missing; expected it, plain or .gz, beside t10k-images-idx3-ubyte.gz");
        folder.Write(DataFiles.AmatNames[0], DataFiles.Amat(1));
        Fails($"{folder.FullPath}: binarized_mnist_valid.amat is missing; expected it, plain or .gz, beside binarized_mnist_train.amat");
    }

    [Fact]
    public void AWrongFileIsNamed()
    {
        DataFiles.WriteAmat(folder, 1, 1, 1);
        var path = folder.Write(DataFiles.AmatNames[2], DataFiles.Amat(1) + "0 1\n");
        Fails($"{path}, line 2: 2 values; expected 784 of 0 or 1, separated by single spaces");
    }

    public void Dispose() => folder.Dispose();

    private void Fails(string message) => Assert.Equal(message, Assert.Throws<InputException>(() => MnistData.Load(folder.FullPath)).Message);
}
