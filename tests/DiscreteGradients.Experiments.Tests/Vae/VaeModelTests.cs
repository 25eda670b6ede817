using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeModelTests
{
    private static readonly BinaryImages Images = TestData.Images(8, 5);

    public static MatrixTheoryData<int, string> Kinds => new([2, 4, 8, 16], Enum.GetNames<VaeArchitecture>());

    [Theory, MemberData(nameof(Kinds))]
    public void ShapesFollowTheArity(int arity, string architectureName)
    {
        var architecture = Enum.Parse<VaeArchitecture>(architectureName);
        using var scope = NewDisposeScope();
        using var model = Model(arity, architecture);
        var variables = (int)(240 / Math.Log2(arity));
        using var images = Images.Batch([0, 1, 2]);
        var posterior = model.Encode(images);
        using var generator = new Generator(1);
        var value = posterior.Sample(generator);
        Assert.Equal([3, variables, arity], posterior.LogProbs.shape);
        Assert.Equal([variables, arity], model.PriorDistribution().LogProbs.shape);
        Assert.Equal([3, 784], model.Decode(value).shape);
        Assert.Equal([3], model.Cost(images, posterior, value).shape);
        Assert.Equal(variables, model.Settings.Variables);
    }

    /// <summary>Glorot's networks begin with each pixel at its mean, kept off 0 and 1, whatever the code; torch's with noise.</summary>
    [Theory]
    [InlineData(nameof(VaeArchitecture.Deep), "784-512-256-640 240-256-512-784")]
    [InlineData(nameof(VaeArchitecture.Tanh), "784-240-240-640 240-240-240-784")]
    [InlineData(nameof(VaeArchitecture.Linear), "784-640 240-784")]
    public void TheLayersHaveTheirWidths_AndTheOutputBeginsAtThePixelMeans(string architectureName, string widths)
    {
        var architecture = Enum.Parse<VaeArchitecture>(architectureName);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var means = Enumerable.Range(0, 784).Select(i => i / 783f).ToArray();
        using var model = new VaeModel(new VaeSettings { Arity = 8, Architecture = architecture }, means, 4);
        Assert.Equal(widths, $"{Widths(model.Encoder)} {Widths(model.Decoder)}");
        var first = model.Decoder.Layers[^1].Bias.sigmoid().data<float>().ToArray();
        var distance = first.Zip(means, (p, mean) => Math.Abs(p - Math.Clamp(mean, 0.001f, 0.999f))).Max();
        var isGlorot = architecture != VaeArchitecture.Deep;
        Assert.InRange(distance, isGlorot ? 0 : 0.4f, isGlorot ? 1e-5f : 0.6f);
        foreach (var layer in model.Encoder.Layers.Concat(model.Decoder.Layers.SkipLast(1)))
            Assert.Equal(isGlorot, layer.Bias.count_nonzero().item<long>() == 0);
        var bound = isGlorot ? Math.Sqrt(6.0 / (784 + model.Encoder.Layers[0].Weight.shape[0])) : 1.0 / 28;
        Assert.InRange(model.Encoder.Layers[0].Weight.abs().max().item<float>(), 0.999 * bound, bound * (1 + 1e-6));

        static string Widths(AffineStack stack) => string.Join('-', stack.Layers.Select(layer => layer.Weight.shape[0]).Prepend(stack.Layers[0].Weight.shape[1]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void EachCategoryIsACornerOfItsOwn(int arity)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(arity, VaeArchitecture.Linear);
        // A decoder that shows the code: weight = identity, bias = 0.
        model.Decoder.Layers[0].Weight.copy_(eye(784, VaeSettings.CodeLength));
        model.Decoder.Layers[0].Bias.zero_();
        var value = eye(arity, dtype: float32).unsqueeze(1).expand(arity, model.Settings.Variables, arity);
        var code = model.Decode(value).slice(1, 0, VaeSettings.CodeLength, 1);
        Assert.Equal(arity * VaeSettings.CodeLength, code.abs().eq(1).sum().item<long>());
        var corners = Enumerable.Range(0, arity).Select(row => string.Join(' ', code[row].data<float>().ToArray())).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(arity, corners.Count);
        // The table of the bound is the same map.
        var table = model.FirstLayerTable().sum([0L]);
        Assert.True(table.allclose(model.Decode(value)));
    }

    [Theory]
    [InlineData(4, nameof(VaeArchitecture.Deep), nameof(LogRatio.Analytic))]
    [InlineData(8, nameof(VaeArchitecture.Tanh), nameof(LogRatio.Sampled))]
    [InlineData(16, nameof(VaeArchitecture.Linear), nameof(LogRatio.Analytic))]
    [InlineData(2, nameof(VaeArchitecture.Linear), nameof(LogRatio.Sampled))]
    public void CostIsTheObjectiveInFloat64(int arity, string architectureName, string logRatioName)
    {
        var architecture = Enum.Parse<VaeArchitecture>(architectureName);
        var logRatio = Enum.Parse<LogRatio>(logRatioName);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new VaeModel(new VaeSettings { Arity = arity, Architecture = architecture, LogRatio = logRatio }, Images.PixelMeans(), 4);
        using var generator = new Generator(8);
        model.Prior.normal_(0, 1, generator);
        using var images = Images.Batch([0, 3, 5, 6]);
        var posterior = model.Encode(images);
        var value = posterior.Sample(generator);
        var cost = model.Cost(images, posterior, value).to(float64);
        Assert.True(cost.allclose(Objective(model, images, value), rtol: 1e-5), $"{cost} is not the objective");
    }

    [Theory]
    [InlineData(nameof(LogRatio.Analytic))]
    [InlineData(nameof(LogRatio.Sampled))]
    public void ATinyStepAgainstTheGradientLowersTheCost(string logRatioName)
    {
        var logRatio = Enum.Parse<LogRatio>(logRatioName);
        using var scope = NewDisposeScope();
        using var model = new VaeModel(new VaeSettings { Arity = 4, Architecture = VaeArchitecture.Tanh, LogRatio = logRatio }, Images.PixelMeans(), 4);
        using var images = Images.Batch([0, 3, 5, 6]);
        using var optimizer = new Sgd(model.Parameters, 1e-3, 0, 0);
        var losses = Enumerable.Range(0, 20).Select(_ =>
        {
            // The relaxed value depends on the weights, so that the cost is a function of theirs, and a smooth one.
            var posterior = model.Encode(images);
            var loss = model.Cost(images, posterior, posterior.Probs).mean();
            loss.backward();
            optimizer.Step();
            return loss.item<float>();
        }).ToList();
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.True(losses[^1] < losses[0] - 1);
    }

    [Fact]
    public void EqualSeedsGiveEqualWeights_AndOtherSeedsOthers()
    {
        using var a = Model(8, VaeArchitecture.Deep);
        using var b = Model(8, VaeArchitecture.Deep);
        using var c = new VaeModel(a.Settings, Images.PixelMeans(), 5);
        foreach (var ((_, x), (_, y)) in a.Parameters.Zip(b.Parameters)) Assert.True(x.allclose(y, 0, 0));
        Assert.False(a.Encoder.Layers[0].Weight.allclose(c.Encoder.Layers[0].Weight));
    }

    [Fact]
    public void LoadNamesTheWeightThatDoesNotFit()
    {
        using var folder = new TemporaryFolder();
        using var other = Model(4, VaeArchitecture.Linear);
        SafeTensors.Write(folder.At("weights"), other.Parameters, new Dictionary<string, string>(StringComparer.Ordinal));
        var error = Assert.Throws<InputException>(() => SavedWeights.Load(folder.At("weights"), () => Model(8, VaeArchitecture.Linear), model => model.Parameters));
        Assert.Equal($"{folder.At("weights")} has no weight 'encoder.0.weight' of shape [640, 784].", error.Message);
    }

    private static VaeModel Model(int arity, VaeArchitecture architecture) =>
        new(new VaeSettings { Arity = arity, Architecture = architecture }, Images.PixelMeans(), 4);

    /// <summary>−log p(x|D) + the log-ratio, written out.</summary>
    private static Tensor Objective(VaeModel model, Tensor images, Tensor value)
    {
        var x = images.to(float64);
        var hidden = x - tensor(Images.PixelMeans()).to(float64);
        hidden = Network(model, model.Encoder.Layers, hidden);
        var logPosterior = hidden.reshape(images.shape[0], model.Settings.Variables, model.Settings.Arity).log_softmax(-1);
        var logPrior = model.Prior.to(float64).log_softmax(-1);
        var weights = model.Settings.LogRatio == LogRatio.Analytic ? logPosterior.exp() : value.to(float64);
        var ratio = (weights * (logPosterior - logPrior)).sum([1, 2]);
        var categories = value.argmax(-1);
        var bits = arange(model.Settings.Bits, dtype: int64);
        var code = (categories.unsqueeze(-1).bitwise_right_shift(bits).bitwise_and(1) * 2 - 1).to(float64).reshape(images.shape[0], -1);
        var probabilities = Network(model, model.Decoder.Layers, code).sigmoid();
        return ratio - (x * probabilities.log() + (1 - x) * (1 - probabilities).log()).sum(-1);
    }

    private static Tensor Network(VaeModel model, IReadOnlyList<AffineLayer> layers, Tensor hidden)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            if (i > 0) hidden = model.Settings.Architecture == VaeArchitecture.Tanh ? hidden.tanh() : hidden.clamp_min(0) + 0.1 * hidden.clamp_max(0);
            hidden = hidden.matmul(layers[i].Weight.to(float64).t()) + layers[i].Bias.to(float64);
        }
        return hidden;
    }
}
