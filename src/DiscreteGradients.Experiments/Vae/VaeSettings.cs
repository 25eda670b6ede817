using System.Numerics;
using System.Text.Json.Serialization;
using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Everything that determines a training run (App. D.2): equal settings give equal bits.</summary>
internal sealed record VaeSettings
{
    /// <summary>A name of the catalogue or a folder; see <see cref="DataCatalog.Open"/>.</summary>
    public string Data { get; init; } = "mnist";

    /// <summary>SHA-256 of the data of a run, as <see cref="MnistData.Checksum"/> gives it; null for any.</summary>
    public string? DataChecksum { get; init; }

    /// <summary>The number n ∈ {2, 4, 8, 16} of categories of a variable; there are 240 / log₂ n variables.</summary>
    public int Arity { get; init; } = 8;

    public VaeArchitecture Architecture { get; init; } = VaeArchitecture.Deep;

    /// <summary>The form in which the log-ratio enters the objective.</summary>
    public LogRatio LogRatio { get; init; } = LogRatio.Analytic;

    /// <summary>The gradient estimator of the latent variables.</summary>
    public EstimatorName Estimator { get; init; } = new(EstimatorFamily.StraightThroughGumbelSoftmax);

    /// <summary>The temperature τ &gt; 0.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>Steps of SGD.</summary>
    public int Steps { get; init; } = 50_000;

    /// <summary>Constant learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The momentum of SGD, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>L2 penalty on weight matrices.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Seed of initialisation, order and noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between evaluations on the validation set.</summary>
    public int ValidationInterval { get; init; } = 5_000;

    /// <summary>M of the bound on the validation set while training.</summary>
    public int ValidationSamples { get; init; } = 50;

    /// <summary>Images of the validation set used while training.</summary>
    public int ValidationImages { get; init; } = 1_000;

    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int MostBatchSize = 100_000;

    /// <summary>Length of the binary code, 240 at every arity.</summary>
    public const int CodeLength = 240;

    /// <summary>Bits a variable, log₂ n.</summary>
    [JsonIgnore]
    public int Bits => BitOperations.Log2((uint)Arity);

    /// <summary>V = 240 / log₂ n.</summary>
    [JsonIgnore]
    public int Variables => CodeLength / Bits;

    /// <summary>Gives the same settings for data that are open: where they are, and what they must hold.</summary>
    public VaeSettings On(MnistData data) => this with { Data = data.Source ?? Data, DataChecksum = data.Checksum };

    /// <summary>Opens the data.</summary>
    /// <param name="elsewhere">Where they are now; null for where the settings say.</param>
    /// <exception cref="InputException">They are missing, cannot be read, or are others.</exception>
    public MnistData OpenData(string? elsewhere = null)
    {
        var data = new DataCatalog().Open(elsewhere ?? Data);
        DataSource.Require(DataChecksum, data.Checksum, elsewhere ?? Data);
        return data;
    }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public VaeSettings Validated()
    {
        Require(Arity is 2 or 4 or 8 or 16, "arity", Arity, "2, 4, 8 or 16");
        Require(EstimatorName.IsTemperature(Temperature), "temperature", Temperature, EstimatorName.TemperatureRange);
        Require(BatchSize is >= 1 and <= MostBatchSize, "batch-size", BatchSize, $"1 to {MostBatchSize}");
        Require(Steps >= 1, "steps", Steps, "at least 1");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "learning-rate", LearningRate, "a finite number above 0");
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "a number in [0, 1)");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight-decay", WeightDecay, "a finite number of at least 0");
        Require(ValidationInterval >= 1, "validation-interval", ValidationInterval, "at least 1");
        Require(ValidationSamples is >= 1 and <= ImportanceBound.MostSamples, "validation-samples", ValidationSamples,
            $"1 to {ImportanceBound.MostSamples}");
        Require(ValidationImages >= 1, "validation-images", ValidationImages, "at least 1");
        Require(Enum.IsDefined(Architecture), "architecture", Architecture, "deep, tanh or linear");
        Require(Enum.IsDefined(LogRatio), "log-ratio", LogRatio, "analytic or sampled");
        return this;
    }
}

/// <summary>The networks on both sides of the code (docs/vae-architecture.md says how they compare).</summary>
internal enum VaeArchitecture
{
    /// <summary>Networks 784-512-256-logits and 240-256-512-784, leaky ReLU of slope 0.1, torch's default initialisation. The
    /// default.</summary>
    Deep,

    /// <summary>Networks 784-240-240-logits and 240-240-240-784, tanh, Glorot initialisation, output bias from the pixel means:
    /// the nonlinear model of the Concrete-distribution paper.</summary>
    Tanh,

    /// <summary>One affine map each way, Glorot initialisation, output bias from the pixel means.</summary>
    Linear,
}

/// <summary>The form in which log q(D|x) − log p(D) enters the training objective.</summary>
internal enum LogRatio
{
    /// <summary>The expectation KL(q ‖ p) of the log-ratio, in closed form.</summary>
    Analytic,

    /// <summary>The value of the log-ratio at the sample, with the direct dependence on the logits: the literal f(D, θ) of App.
    /// D.2.</summary>
    Sampled,
}
