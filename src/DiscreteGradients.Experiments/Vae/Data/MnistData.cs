using System.IO.Compression;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The three parts of a set of binary images, and what every report says of them.</summary>
/// <param name="Name">Which images; never a path.</param>
/// <param name="Binarisation">How their pixels became black or white.</param>
/// <param name="Valid">Settings are chosen on it.</param>
internal sealed record MnistData(string Name, string Binarisation, BinaryImages Train, BinaryImages Valid, BinaryImages Test)
{
    private const string Resource = "mnist-binarized.bin.br";
    private const int TrainCount = 50_000, ValidCount = 10_000, TestCount = 10_000;

    /// <summary>The name or the absolute path that opens the set from any folder; null for a set that was made in
    /// memory.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the three parts' checksums, 64 hexadecimal digits.</summary>
    public string Checksum => Checksums.Whole;

    /// <summary>The part that a model is evaluated on.</summary>
    public BinaryImages Of(Split split) => split == Split.Test ? Test : Valid;

    public DataChecksums Checksums => new(Train.Sha256, Valid.Sha256, Test.Sha256);

    /// <summary>The set within this library: the first 50,000 and the last 10,000 of MNIST's 60,000 training images as
    /// <see cref="Train"/> and <see cref="Valid"/>, its 10,000 test images as <see cref="Test"/>, each pixel drawn once.
    /// Not the paper's fixed binarisation: numbers of the two are near, not equal.</summary>
    /// <exception cref="InvalidDataException">The library's file is damaged.</exception>
    public static MnistData Embedded()
    {
        using var resource = typeof(MnistData).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidDataException($"the resource {Resource} is missing from the library");
        using var unpacked = new BrotliStream(resource, CompressionMode.Decompress);
        var packed = new byte[(TrainCount + ValidCount + TestCount) * BinaryImages.BytesPerImage];
        _ = unpacked.ReadAtLeast(packed, packed.Length, throwOnEndOfStream: false); // the checksums tell
        var all = new BinaryImages(packed);
        var data = new MnistData("MNIST (embedded)", DrawnOnce(Binarizer.DefaultSeed),
            all.Slice(0, TrainCount), all.Slice(TrainCount, ValidCount), all.Slice(TrainCount + ValidCount, TestCount));
        return data.Checksums == DataChecksums.Embedded
            ? data
            : throw new InvalidDataException(
                $"the resource {Resource} holds {data.Checksums}; expected {DataChecksums.Embedded}");
    }

    /// <summary>Reads binarized_mnist_{train,valid,test}.amat as they are; or else train-images-idx3-ubyte and
    /// t10k-images-idx3-ubyte (MNIST, Fashion-MNIST), with the last sixth of the training images, at most 10,000, as
    /// <see cref="Valid"/>, each pixel drawn once from the same seed as <see cref="Embedded"/>. Each file may be .gz.</summary>
    /// <exception cref="InputException">The directory or a file is missing, or a file is not what its name says.</exception>
    public static MnistData Load(string directory) => MnistDirectory.Load(directory);

    internal static string DrawnOnce(ulong seed) => $"Bernoulli(pixel/255), seed {seed}, not the fixed binarisation of the paper";
}
