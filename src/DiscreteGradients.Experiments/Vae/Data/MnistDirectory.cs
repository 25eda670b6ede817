namespace DiscreteGradients.Experiments.Vae;

/// <summary>Reads a directory of .amat or IDX files.</summary>
internal static class MnistDirectory
{
    /// <summary>Training, validation and test file.</summary>
    public static readonly string[] AmatNames =
        ["binarized_mnist_train.amat", "binarized_mnist_valid.amat", "binarized_mnist_test.amat"];
    private static readonly string[] IdxTrain = ["train-images-idx3-ubyte", "train-images.idx3-ubyte"];
    private static readonly string[] IdxTest = ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"];

    /// <exception cref="InputException">See <see cref="MnistData.Load"/>.</exception>
    public static MnistData Load(string directory, ulong seed = Binarizer.DefaultSeed)
    {
        if (!Directory.Exists(directory))
            throw new InputException($"{directory}: no such directory; expected one with {Expected}");
        string?[] amat = Array.ConvertAll(AmatNames, name => DataFile.Find(directory, name));
        if (Array.Exists(amat, path => path is not null))
            return LoadAmat(directory, Complete(directory, amat, AmatNames));
        string?[] idx = [DataFile.Find(directory, IdxTrain), DataFile.Find(directory, IdxTest)];
        if (Array.Exists(idx, path => path is not null))
            return LoadIdx(directory, Complete(directory, idx, [IdxTrain[0], IdxTest[0]]), seed);
        throw new InputException($"{directory}: no data files; expected {Expected}");
    }

    /// <summary>Tells whether all three .amat files are there, plain or .gz.</summary>
    public static bool HasAmat(string directory) =>
        Array.TrueForAll(AmatNames, name => DataFile.Find(directory, name) is not null);

    private static string Expected =>
        $"{string.Join(", ", AmatNames)}, or {IdxTrain[0]} and {IdxTest[0]}, each plain or .gz";

    private static string[] Complete(string directory, string?[] found, string[] names)
    {
        var missing = Array.FindIndex(found, path => path is null);
        return missing < 0
            ? Array.ConvertAll(found, path => path!)
            : throw new InputException(
                $"{directory}: {names[missing]} is missing; expected it, plain or .gz, "
                + $"beside {Path.GetFileName(Array.Find(found, path => path is not null))}");
    }

    private static MnistData LoadAmat(string directory, string[] paths)
    {
        var (train, valid, test) = (AmatImages.Read(paths[0]), AmatImages.Read(paths[1]), AmatImages.Read(paths[2]));
        var data = new MnistData($".amat files in {FolderName(directory)} ({Counts(train, valid, test)})", "as in the files",
            train, valid, test);
        return data.Checksums == DataChecksums.BinarizedMnist
            ? data with
            {
                Name = "binarized MNIST",
                Binarisation = "the fixed binarisation of the paper (Salakhutdinov and Murray, 2008)",
            }
            : data;
    }

    private static MnistData LoadIdx(string directory, string[] paths, ulong seed)
    {
        var (training, testing) = (IdxImages.Read(paths[0]), IdxImages.Read(paths[1]));
        var binarizer = new Binarizer(seed);
        var images = binarizer.Binarize(training);
        var test = binarizer.Binarize(testing);
        if (images.Count < 2)
            throw new InputException($"{paths[0]}: 1 image; expected at least 2, because the last sixth is the validation part");
        // A sixth of 60,000 is the usual 10,000.
        var held = Math.Clamp(images.Count / 6, 1, 10_000);
        var train = images.Slice(0, images.Count - held);
        var valid = images.Slice(images.Count - held, held);
        var name = $"IDX files in {FolderName(directory)} ({Counts(train, valid, test)})";
        return new MnistData(name, MnistData.DrawnOnce(seed), train, valid, test);
    }

    private static string FolderName(string directory) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));

    private static string Counts(BinaryImages train, BinaryImages valid, BinaryImages test) =>
        Invariant($"{train.Count:N0}/{valid.Count:N0}/{test.Count:N0}");
}
