using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>
/// A variational auto-encoder whose code is V categorical variables of arity n, each put on a corner of {−1, 1}^log₂n:
/// encoder 784 → [V, n] logits, decoder 240 → 784 Bernoulli logits, prior V × n trainable logits.
/// </summary>
internal sealed class VaeModel : IDisposable
{
    // Held for ever: a Scalar made in passing may be finalised while libtorch reads it.
    private static readonly Scalar Slope = 0.1;
    private readonly Tensor pixelMeans;   // [784]
    private readonly Tensor corners;      // [n, log2 n], −1 and 1

    /// <param name="settings">Arity and architecture.</param>
    /// <param name="pixelMeans">[784], subtracted from the input; the initial output bias of two architectures.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    public VaeModel(VaeSettings settings, float[] pixelMeans, ulong seed)
    {
        using var _ = NewDisposeScope();
        Settings = settings;
        this.pixelMeans = tensor(pixelMeans).DetachFromDisposeScope();
        corners = Corners(settings.Arity, settings.Bits).DetachFromDisposeScope();
        var (inputs, logits) = (BinaryImages.Pixels, settings.Variables * settings.Arity);
        (int[] encoder, int[] decoder) = settings.Architecture switch
        {
            VaeArchitecture.Deep => ((int[])[inputs, 512, 256, logits], (int[])[VaeSettings.CodeLength, 256, 512, inputs]),
            VaeArchitecture.Tanh => ([inputs, 240, 240, logits], [VaeSettings.CodeLength, 240, 240, inputs]),
            _ => ([inputs, logits], [VaeSettings.CodeLength, inputs]),
        };
        using var generator = new Generator(seed);
        var glorot = settings.Architecture != VaeArchitecture.Deep;
        Encoder = [.. encoder.Zip(encoder.Skip(1), (from, to) => AffineLayer.Create(from, to, glorot, generator))];
        Decoder = [.. decoder.Zip(decoder.Skip(1), (from, to) => AffineLayer.Create(from, to, glorot, generator))];
        Prior = zeros(settings.Variables, settings.Arity).requires_grad_().DetachFromDisposeScope();
        if (glorot)
        {
            using var bias = tensor(Array.ConvertAll(pixelMeans, Logit));
            using (no_grad()) Decoder[^1].Bias.copy_(bias);
        }
    }

    /// <summary>The model of a run's latest checkpoint.</summary>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static VaeModel OfRun(string runFolder, VaeSettings settings, MnistData data) => OfFile(RunFolder.CheckpointIn(runFolder), settings, data);

    /// <summary>The model of a file of weights.</summary>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static VaeModel OfFile(string path, VaeSettings settings, MnistData data) =>
        SavedWeights.Load(path, () => new VaeModel(settings, data.Train.PixelMeans(), 0), model => model.Parameters);

    /// <summary>What the model was made from.</summary>
    public VaeSettings Settings { get; }

    /// <summary>Weights by name, in a fixed order.</summary>
    public IEnumerable<(string Name, Tensor Value)> Parameters =>
    [
        .. Encoder.SelectMany((layer, i) => layer.Named(Invariant($"encoder.{i}"))),
        .. Decoder.SelectMany((layer, i) => layer.Named(Invariant($"decoder.{i}"))),
        ("prior", Prior),
    ];

    /// <summary>The parameters of the inference network, whose gradients the paper measures.</summary>
    public IEnumerable<Tensor> InferenceParameters => Encoder.SelectMany(layer => new[] { layer.Weight, layer.Bias });

    internal IReadOnlyList<AffineLayer> Encoder { get; }

    internal IReadOnlyList<AffineLayer> Decoder { get; }

    internal Tensor Prior { get; }

    /// <summary>q(D|x).</summary>
    /// <param name="images">x, [B, 784], 0 or 1.</param>
    /// <returns>Logits [B, V, n].</returns>
    public OneHotCategorical Encode(Tensor images)
    {
        using var logits = Logits(images);
        return new OneHotCategorical(logits);
    }

    /// <summary>Bernoulli logits of p(x|D), [B, 784].</summary>
    /// <param name="value">D or a relaxed S, [B, V, n].</param>
    public Tensor Decode(Tensor value)
    {
        using var scope = NewDisposeScope();
        var code = value.matmul(corners).reshape(-1, VaeSettings.CodeLength);
        return Forward(Decoder, code)[^1].MoveToOuterDisposeScope();
    }

    /// <summary>p(D), logits [V, n].</summary>
    public OneHotCategorical PriorDistribution() => new(Prior);

    /// <summary>f(D, θ) = −log p(x|D) + the log-ratio, [B], nats.</summary>
    /// <param name="images">x, [B, 784].</param>
    /// <param name="posterior">q(D|x).</param>
    /// <param name="value">The value that its node gives, [B, V, n].</param>
    public Tensor Cost(Tensor images, OneHotCategorical posterior, Tensor value)
    {
        using var scope = NewDisposeScope();
        var reconstruction = nn.functional.binary_cross_entropy_with_logits(Decode(value), images, reduction: nn.Reduction.None).sum(-1);
        var prior = PriorDistribution();
        var ratio = Settings.LogRatio == LogRatio.Analytic
            ? posterior.KL(prior).sum(-1)
            : (value * (posterior.Normalised - prior.Normalised)).sum([1, 2]);
        return reconstruction.Plus(ratio).MoveToOuterDisposeScope();
    }

    /// <summary>The input of each layer of the inference network, [B, in], and at the end the logits of q(D|x), [B, V·n].</summary>
    /// <param name="images">x, [B, 784], 0 or 1.</param>
    internal Tensor[] EncoderValues(Tensor images) => Forward(Encoder, images - pixelMeans);

    /// <summary>Bernoulli logits from the output of the decoder's first layer, [B, hidden], to which the activation is applied in
    /// place.</summary>
    internal Tensor DecodeFrom(Tensor firstLayer) =>
        Decoder.Count == 1 ? firstLayer : Forward(Decoder.Skip(1), Activate(firstLayer))[^1];

    /// <summary>The part of the first layer of the decoder that each category of each variable adds, [V, n, hidden].</summary>
    internal Tensor FirstLayerTable()
    {
        using var scope = NewDisposeScope();
        var weight = Decoder[0].Weight.reshape(-1, Settings.Variables, Settings.Bits);   // [hidden, V, bits]
        return einsum("nb,hvb->vnh", corners, weight).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (_, value) in Parameters) value.Dispose();
        pixelMeans.Dispose();
        corners.Dispose();
    }

    private Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        return EncoderValues(images)[^1].reshape(-1, Settings.Variables, Settings.Arity).MoveToOuterDisposeScope();
    }

    /// <summary>The input of each layer, and at the end the output.</summary>
    private Tensor[] Forward(IEnumerable<AffineLayer> layers, Tensor input)
    {
        List<Tensor> values = [input];
        foreach (var (weight, bias) in layers)
        {
            if (values.Count > 1) values[^1] = Activate(values[^1]);
            values.Add(nn.functional.linear(values[^1], weight, bias));
        }
        return [.. values];
    }

    /// <summary>The activation between layers, in place.</summary>
    private Tensor Activate(Tensor hidden) => Settings.Architecture switch
    {
        VaeArchitecture.Deep => hidden.leaky_relu_(Slope),
        VaeArchitecture.Tanh => hidden.tanh_(),
        _ => hidden,
    };

    private static float Logit(float mean)
    {
        var clipped = Math.Clamp(mean, 0.001f, 0.999f);
        return MathF.Log(clipped / (1 - clipped));
    }

    private static Tensor Corners(int arity, int bits)
    {
        var table = new float[arity, bits];
        for (var category = 0; category < arity; category++)
        {
            for (var bit = 0; bit < bits; bit++) table[category, bit] = 2 * (category >> bit & 1) - 1;
        }
        return tensor(table);
    }
}

/// <summary>An affine map: weight [to, from], bias [to].</summary>
internal sealed record AffineLayer(Tensor Weight, Tensor Bias)
{
    public IEnumerable<(string, Tensor)> Named(string prefix) => [($"{prefix}.weight", Weight), ($"{prefix}.bias", Bias)];

    /// <summary>Glorot-uniform weights and zero bias, or torch's default: both uniform on ±1/√from.</summary>
    public static AffineLayer Create(int from, int to, bool glorot, Generator generator)
    {
        var bound = glorot ? Math.Sqrt(6.0 / (from + to)) : 1 / Math.Sqrt(from);
        var weight = empty(to, from).uniform_(-bound, bound, generator);
        var bias = empty(to).uniform_(-1 / Math.Sqrt(from), 1 / Math.Sqrt(from), generator);
        if (glorot) bias.zero_();
        return new(weight.requires_grad_().DetachFromDisposeScope(), bias.requires_grad_().DetachFromDisposeScope());
    }
}
