using System.Text.Json.Serialization;
using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Everything that determines a training run (App. D.1): equal settings give equal bits.</summary>
internal sealed record ListOpsSettings
{
    /// <summary>The data: "listops" or a path; see <see cref="ListOpsData.Open"/>.</summary>
    public string Data { get; init; } = ListOpsData.GeneratedName;

    /// <summary>SHA-256 of the data of a run, as <see cref="ListOpsData.Checksum"/> gives it; null for any.</summary>
    public string? DataChecksum { get; init; }

    /// <summary>L: longer expressions are left out. The paper has 10, 25 and 50.</summary>
    public int MaxLength { get; init; } = 10;

    /// <summary>The gradient estimator of the choices; one that does not relax the value.</summary>
    public EstimatorName Estimator { get; init; } = new(EstimatorFamily.GumbelRao, 100);

    /// <summary>The temperature τ &gt; 0.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>Expressions a step; null for L, as in the paper.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Passes over the training expressions; a validation after each.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Constant learning rate of SGD without momentum.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>L2 penalty on every parameter.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    public BaselineKind Baseline { get; init; }

    /// <summary>The rule by which expressions make a batch.</summary>
    public Batching Batching { get; init; }

    public Masking Masking { get; init; }

    /// <summary>Seed of the validation split, the initialisation, the order and the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>The largest <see cref="BatchSize"/>, and so the largest <see cref="MaxLength"/>.</summary>
    public const int MostBatchSize = 100_000;

    /// <summary>Expressions a step.</summary>
    [JsonIgnore]
    public int Batch => BatchSize ?? MaxLength;

    /// <summary>Gives the same settings for data that are open: where they are, and what they must hold.</summary>
    public ListOpsSettings On(ListOpsData data) => this with { Data = data.Source ?? Data, DataChecksum = data.Checksum() };

    /// <summary>Opens the data.</summary>
    /// <param name="elsewhere">Where they are now; null for where the settings say.</param>
    /// <exception cref="InputException">They are missing, cannot be read, or are others.</exception>
    public ListOpsData OpenData(string? elsewhere = null, CancellationToken cancellation = default)
    {
        var data = ListOpsData.Open(elsewhere ?? Data, cancellation);
        DataSource.Require(DataChecksum, data.Checksum(), elsewhere ?? Data);
        return data;
    }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public ListOpsSettings Validated()
    {
        if (Estimator.Family == EstimatorFamily.GumbelSoftmax)
            throw new InputException(
                $"estimator '{Estimator}' cannot be used for ListOps: a tree has no relaxed choices; "
                + "expected reinforce, st, st-gs, gr-mc:K, gr, zgr, st2:λ or reinmax.",
                "estimator");
        Require(MaxLength is >= 4 and <= MostBatchSize, "max-length", MaxLength,
            $"4, the shortest expression with an operator, to {MostBatchSize}");
        Require(EstimatorName.IsTemperature(Temperature), "temperature", Temperature, EstimatorName.TemperatureRange);
        Require(BatchSize is null or (>= 1 and <= MostBatchSize), "batch-size", Batch, $"1 to {MostBatchSize}");
        Require(Epochs is >= 1 and <= 1000, "epochs", Epochs, "1 to 1000");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "learning-rate", LearningRate, "a finite number above 0");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight-decay", WeightDecay, "a finite number of at least 0");
        Require(Enum.IsDefined(Baseline), "baseline", Baseline, "running-mean or self-critical");
        Require(Enum.IsDefined(Batching), "batching", Batching, "buckets or shuffled");
        Require(Enum.IsDefined(Masking), "masking", Masking, "right or reference");
        Require(Masking == Masking.Right
            || Estimator.Family is EstimatorFamily.StraightThroughGumbelSoftmax or EstimatorFamily.GumbelRao,
            "masking", "reference", "right, or the estimator st-gs or gr-mc:K");
        return this;
    }
}

/// <summary>The baseline that REINFORCE subtracts from the cost.</summary>
internal enum BaselineKind
{
    /// <summary>The running mean of the cost.</summary>
    RunningMean,

    /// <summary>The cost of the same expression under the model's own argmax parse: a second forward pass.</summary>
    SelfCritical,
}

/// <summary>The rule by which expressions make a batch.</summary>
internal enum Batching
{
    /// <summary>Expressions of (nearly) one length: little is padded.</summary>
    Buckets,

    /// <summary>Any expressions, the shorter ones padded, as in the code that the paper builds on.</summary>
    Shuffled,
}

/// <summary>The way in which pairs that lie in the padding are kept from being chosen in training.</summary>
internal enum Masking
{
    /// <summary>Their logits are excluded before any noise or softmax.</summary>
    Right,

    /// <summary>Flawed, for comparison only: softmax over all pairs, padding too, then times the mask plus 1e-20, as in
    /// the code of Choi et al. At low temperature every true pair can underflow; then the first pair is taken whatever
    /// the scores are.</summary>
    Reference,
}

internal enum Weights
{
    Best,

    Last,
}
