using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Everything that determines a training run (App. D.1): equal settings give equal bits.</summary>
public sealed record ListOpsSettings
{
    /// <summary>"listops" or a path; see <see cref="ListOpsData.Open"/>.</summary>
    public string Data { get; init; } = ListOpsData.GeneratedName;

    /// <summary>SHA-256 of the data of a run, as <see cref="ListOpsData.Checksum"/> gives it; null for any.</summary>
    public string? DataChecksum { get; init; }

    /// <summary>L: longer expressions are left out. The paper has 10, 25 and 50.</summary>
    public int MaxLength { get; init; } = 10;

    /// <summary>See <see cref="EstimatorSpec"/>; one that does not relax the value.</summary>
    public string Estimator { get; init; } = "gr-mc:100";

    /// <summary>τ &gt; 0.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>Expressions a step; null for L, as in the paper.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Passes over the training expressions; a validation after each.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Constant learning rate of SGD without momentum.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>L2 penalty on every parameter.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>For REINFORCE.</summary>
    public BaselineKind Baseline { get; init; }

    /// <summary>Which expressions make a batch.</summary>
    public Batching Batching { get; init; }

    /// <summary>How padding is kept out.</summary>
    public Masking Masking { get; init; }

    /// <summary>Seed of the validation split, the initialisation, the order and the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Expressions a step.</summary>
    [JsonIgnore]
    public int Batch => BatchSize ?? MaxLength;

    /// <summary>The same settings for data that are open: where they are, and what they must hold.</summary>
    public ListOpsSettings On(ListOpsData data) => this with { Data = data.Source ?? Data, DataChecksum = data.Checksum() };

    /// <summary>Opens the data.</summary>
    /// <param name="elsewhere">Where they are now; null for where the settings say.</param>
    /// <param name="cancellation">Stops where they are drawn.</param>
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
        var estimator = EstimatorSpec.Parse(Estimator);
        if (estimator.Text == "gs")
            throw new InputException($"estimator '{Estimator}' cannot be used for ListOps: a tree has no relaxed choices; expected reinforce, st, st-gs, gr-mc:K or gr.") { Key = "estimator" };
        Check(MaxLength >= 4, "max-length", MaxLength, "at least 4, the shortest expression with an operator");
        Check(EstimatorSpec.IsTemperature(Temperature), "temperature", Temperature, EstimatorSpec.TemperatureRange);
        Check(BatchSize is null or >= 1, "batch-size", BatchSize ?? 0, "at least 1");
        Check(Epochs is >= 1 and <= 1000, "epochs", Epochs, "1 to 1000");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), "learning-rate", LearningRate, "a finite number above 0");
        Check(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight-decay", WeightDecay, "a finite number of at least 0");
        Check(Enum.IsDefined(Baseline), "baseline", Baseline, "running-mean or self-critical");
        Check(Enum.IsDefined(Batching), "batching", Batching, "buckets or shuffled");
        Check(Enum.IsDefined(Masking), "masking", Masking, "right or reference");
        Check(Masking == Masking.Right || estimator.Text == "st-gs" || estimator.Text.StartsWith("gr-mc:", StringComparison.Ordinal), "masking", "reference", "right, or the estimator st-gs or gr-mc:K");
        return this;
    }

    private static void Check(bool good, string name, object value, string expected)
    {
        if (!good) throw new InputException(Invariant($"{name} is {value}; expected {expected}.")) { Key = name };
    }
}
