using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>A linear 16-ary model of which the decoder reads two variables only, so that p(x) is a sum of 256 terms. The
/// posterior of the other 58 is their prior.</summary>
internal static class ExactModel
{
    public const int Used = 2;

    public static VaeModel Create(ulong seed)
    {
        var model = new VaeModel(new VaeSettings { Arity = 16, Architecture = VaeArchitecture.Linear }, TestData.Images(20, 1).PixelMeans(), seed);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed);
        model.Prior.normal_(0, 1, generator);
        model.Decoder.Layers[0].Weight.mul_(2).slice(1, Used * 4, VaeSettings.CodeLength, 1).zero_();
        var encoder = model.Encoder.Layers[0];
        encoder.Weight.slice(0, Used * 16, encoder.Weight.shape[0], 1).zero_();
        encoder.Bias.copy_(model.Prior.reshape(-1));
        encoder.Bias.slice(0, 0, Used * 16, 1).normal_(0, 0.5, generator);
        return model;
    }

    /// <summary>−log p(x), nats, by enumeration in float64.</summary>
    public static double NegativeLogLikelihood(VaeModel model, BinaryImages image)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var prior = model.Prior.to(float64).log_softmax(-1);
        var table = model.FirstLayerTable().to(float64);
        var logits = model.Decoder.Layers[0].Bias.to(float64) + table[0].unsqueeze(1) + table[1].unsqueeze(0);   // [16, 16, 784]
        var x = image.Batch([0]).to(float64);
        var joint = (x * logits - nn.functional.softplus(logits, 1, 1000)).sum(-1) + prior[0].unsqueeze(1) + prior[1].unsqueeze(0);
        return -joint.reshape(-1).logsumexp(0).item<double>();
    }
}
