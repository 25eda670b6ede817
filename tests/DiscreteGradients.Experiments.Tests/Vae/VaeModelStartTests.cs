using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>How a model begins.</summary>
public sealed class VaeModelStartTests
{
    // Of the same draws, one network's weights would be multiples of the other's. |r|√n below 5: false alarm 6e-7.
    [Theory]
    [InlineData(nameof(VaeArchitecture.Deep))]
    [InlineData(nameof(VaeArchitecture.Linear))]
    public void BothNetworksHaveDrawsOfTheirOwn(string architecture)
    {
        using var scope = NewDisposeScope();
        using var model = Model(Enum.Parse<VaeArchitecture>(architecture));
        var (encoder, decoder) = (First(model.Encoder.Layers[0].Weight), First(model.Decoder.Layers[0].Weight));
        var product = encoder.Zip(decoder, (a, b) => (double)a * b).Sum();
        var lengths = Math.Sqrt(encoder.Sum(a => (double)a * a) * decoder.Sum(b => (double)b * b));
        Assert.InRange(product / lengths * Math.Sqrt(1000), -5, 5);

        static float[] First(Tensor weight) => weight.detach().reshape(-1).slice(0, 0, 1000, 1).data<float>().ToArray();
    }

    [Fact]
    public void ThePriorBeginsEven_AndIsTrained()
    {
        using var scope = NewDisposeScope();
        using var model = Model(VaeArchitecture.Tanh);
        Assert.Equal(0, model.Prior.count_nonzero().item<long>());
        Assert.True(model.Prior.requires_grad);
        Assert.Equal(["encoder.0.weight", "encoder.0.bias"], model.Parameters.Take(2).Select(parameter => parameter.Name));
        Assert.Equal("prior", model.Parameters.Last().Name);
        Assert.Equal(2 * (3 + 3) + 1, model.Parameters.Count());
        Assert.Equal(2 * 3, model.InferenceParameters.Count());
    }

    private static VaeModel Model(VaeArchitecture architecture) =>
        new(new VaeSettings { Arity = 8, Architecture = architecture }, TestData.Images(8, 5).PixelMeans(), 4);
}
