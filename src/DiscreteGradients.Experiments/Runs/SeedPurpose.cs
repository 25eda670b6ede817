namespace DiscreteGradients.Experiments.Runs;

/// <summary>What a seed of a run, of a study or of a set of data is split into. The numbers stay: with them every recorded
/// number can be made again.</summary>
internal enum SeedPurpose : ulong
{
    /// <summary>The initial weights. A toy problem has none: its noise.</summary>
    Weights = 0,

    /// <summary>The order of the examples.</summary>
    Order = 1,

    /// <summary>The noise of the training steps.</summary>
    Noise = 2,

    /// <summary>Validation while training: the noise of a bound, or which examples are set aside.</summary>
    Validation = 3,

    /// <summary>The bounds by which a search selects and which it reports.</summary>
    SearchBound = 4,

    /// <summary>The variances of the gradient along a comparison, by step.</summary>
    ComparisonVariance = 5,

    /// <summary>The bound at the end of a comparison.</summary>
    ComparisonBound = 6,
}
