using DiscreteGradients.Experiments.Networks;
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
        (int[] hidden, var activation) = settings.Architecture switch
        {
            VaeArchitecture.Deep => ((int[])[512, 256], Activation.LeakyRelu),
            VaeArchitecture.Tanh => ([240, 240], Activation.Tanh),
            _ => ([], Activation.None),
        };
        using var generator = new Generator(seed);
        var glorot = settings.Architecture != VaeArchitecture.Deep;
        Encoder = AffineStack.Create([inputs, .. hidden, logits], activation, glorot, generator);
        Decoder = AffineStack.Create([VaeSettings.CodeLength, .. hidden.Reverse(), inputs], activation, glorot, generator);
        Prior = zeros(settings.Variables, settings.Arity).requires_grad_().DetachFromDisposeScope();
        if (glorot)
        {
            using var bias = tensor(Array.ConvertAll(pixelMeans, Logit));
            using (no_grad()) Decoder.Layers[^1].Bias.copy_(bias);
        }
    }

    // Shares everything with a model, and gives no gradients to weights.
    private VaeModel(VaeModel model)
    {
        (Settings, Encoder, Decoder) = (model.Settings, model.Encoder.Detached(), model.Decoder.Detached());
        (Prior, pixelMeans, corners) = (Constant(model.Prior), Constant(model.pixelMeans), Constant(model.corners));

        static Tensor Constant(Tensor tensor) => tensor.detach().DetachFromDisposeScope();
    }

    /// <summary>The model of a run's latest checkpoint.</summary>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static VaeModel OfRun(string runFolder, VaeSettings settings, MnistData data) =>
        Read(RunFolder.CheckpointIn(runFolder), settings, data).Model;

    /// <summary>The model of a file of weights, and what else the file says.</summary>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static (VaeModel Model, IReadOnlyDictionary<string, string> Metadata) Read(string path, VaeSettings settings,
        MnistData data) =>
        SavedWeights.Load(path, () => new VaeModel(settings, data.Train.PixelMeans(), 0), model => model.Parameters);

    /// <summary>The settings that the model was made from.</summary>
    public VaeSettings Settings { get; }

    /// <summary>Weights by name, in a fixed order.</summary>
    public IEnumerable<(string Name, Tensor Value)> Parameters =>
    [
        .. Encoder.Layers.SelectMany((layer, i) => layer.Named(Invariant($"encoder.{i}"))),
        .. Decoder.Layers.SelectMany((layer, i) => layer.Named(Invariant($"decoder.{i}"))),
        ("prior", Prior),
    ];

    /// <summary>The parameters of the inference network, whose gradients the paper measures.</summary>
    public IEnumerable<Tensor> InferenceParameters => Encoder.Layers.SelectMany(layer => new[] { layer.Weight, layer.Bias });

    /// <summary>The affine layers, whose weights' gradients <see cref="Sgd"/> need not form.</summary>
    public IEnumerable<AffineLayer> Layers => Encoder.Layers.Concat(Decoder.Layers);

    internal AffineStack Encoder { get; }

    internal AffineStack Decoder { get; }

    internal Tensor Prior { get; }

    /// <summary>Gives the same model, its weights constants of every gradient; they stay the model's.</summary>
    public VaeModel Detached() => new(this);

    /// <summary>Computes a checksum of the weights, so that work is not taken up with another model.</summary>
    public string Checksum() => SavedWeights.Checksum(Parameters);

    /// <summary>Computes the posterior q(D|x).</summary>
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
        return Decoder.Forward(code).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the prior p(D), logits [V, n].</summary>
    public OneHotCategorical PriorDistribution() => new(Prior);

    /// <summary>Computes the cost f(D, θ) = −log p(x|D) + the log-ratio, [B], nats.</summary>
    /// <param name="images">x, [B, 784].</param>
    /// <param name="posterior">q(D|x).</param>
    /// <param name="value">The value that its node gives, [B, V, n].</param>
    public Tensor Cost(Tensor images, OneHotCategorical posterior, Tensor value)
    {
        using var scope = NewDisposeScope();
        var reconstruction =
            nn.functional.binary_cross_entropy_with_logits(Decode(value), images, reduction: nn.Reduction.None).sum(-1);
        var prior = PriorDistribution();
        var ratio = Settings.LogRatio == LogRatio.Analytic
            ? posterior.KL(prior).sum(-1)
            : (value * (posterior.Normalised - prior.Normalised)).sum([1, 2]);
        return reconstruction.Plus(ratio).MoveToOuterDisposeScope();
    }

    /// <summary>The input of each layer of the inference network, [B, in], and at the end the logits of q(D|x), [B,
    /// V·n].</summary>
    /// <param name="images">x, [B, 784], 0 or 1.</param>
    internal Tensor[] EncoderValues(Tensor images) => Encoder.Values(images - pixelMeans);

    /// <summary>Bernoulli logits from the output of the decoder's first layer, [B, hidden], to which the activation is applied in
    /// place.</summary>
    internal Tensor DecodeFrom(Tensor firstLayer) =>
        Decoder.Layers.Count == 1 ? firstLayer : Decoder.Values(Decoder.Activate(firstLayer), first: 1)[^1];

    /// <summary>The part of the first layer of the decoder that each category of each variable adds, [V, n, hidden].</summary>
    internal Tensor FirstLayerTable()
    {
        using var scope = NewDisposeScope();
        var weight = Decoder.Layers[0].Weight.reshape(-1, Settings.Variables, Settings.Bits);   // [hidden, V, bits]
        return einsum("nb,hvb->vnh", corners, weight).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
        Prior.Dispose();
        pixelMeans.Dispose();
        corners.Dispose();
    }

    private Tensor Logits(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Encoder.Forward(images - pixelMeans).reshape(-1, Settings.Variables, Settings.Arity).MoveToOuterDisposeScope();
    }

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
