using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The pictures that a model makes of images: pixel probabilities, 784 an image.</summary>
internal static class VaePictures
{
    /// <summary>The side of an image, pixels.</summary>
    public const int Side = 28;

    private const int Digits = 16;

    /// <summary>Gives rows of images of a run: the first test images, their reconstructions, and samples of the prior.</summary>
    /// <param name="name">The name of the run.</param>
    /// <exception cref="InputException">Its weights are not readable, or of other settings.</exception>
    public static IReadOnlyList<(string Name, IReadOnlyList<float[]> Images)> Rows(string runFolder, VaeSettings settings,
        MnistData data, string name)
    {
        using var images = FirstOf(data);
        using var model = VaeModel.OfRun(runFolder, settings, data);
        return
        [
            ("test images", Split(images)),
            ($"{name}: reconstructions", Reconstructions(model, images, settings.Seed)),
            ($"{name}: samples of the prior", Samples(model, Digits, settings.Seed)),
        ];
    }

    /// <summary>The first test images.</summary>
    public static IReadOnlyList<float[]> TestImages(MnistData data)
    {
        using var images = FirstOf(data);
        return Split(images);
    }

    private static Tensor FirstOf(MnistData data) => data.Test.Batch([.. Enumerable.Range(0, Math.Min(Digits, data.Test.Count))]);

    /// <summary>Decodes a sample of q(D|x) for each image.</summary>
    public static IReadOnlyList<float[]> Reconstructions(VaeModel model, Tensor images, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed);
        return Split(model.Decode(model.Encode(images).Sample(generator)).sigmoid());
    }

    /// <summary>Decodes samples of the prior p(D).</summary>
    public static IReadOnlyList<float[]> Samples(VaeModel model, int count, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed);
        var prior = new OneHotCategorical(model.Prior.detach().expand(count, -1, -1));
        return Split(model.Decode(prior.Sample(generator)).sigmoid());
    }

    /// <summary>The rows of [count, 784].</summary>
    public static IReadOnlyList<float[]> Split(Tensor images) =>
        [.. images.cpu().data<float>().ToArray().Chunk(BinaryImages.Pixels)];
}
