using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>What a model makes of images: pixel probabilities, 784 an image.</summary>
internal static class VaePictures
{
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
    public static IReadOnlyList<float[]> Split(Tensor images) => [.. images.cpu().data<float>().ToArray().Chunk(BinaryImages.Pixels)];
}
