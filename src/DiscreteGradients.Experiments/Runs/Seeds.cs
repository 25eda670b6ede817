using DiscreteGradients.Kernels;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Independent seeds from one seed, by the finaliser of SplitMix64. A seed is split by purpose or numbered, never
/// both: the numbers of the purposes are numbers too.</summary>
internal static class Seeds
{
    /// <summary>The seed for one of many purposes.</summary>
    public static ulong For(ulong seed, SeedPurpose purpose) => Derive(seed, (ulong)purpose);

    /// <summary>The seed of one of many alike: an image, a step, an epoch, a random word.</summary>
    public static ulong Derive(ulong seed, ulong number)
    {
        var z = SplitMix64.Mix(seed + SplitMix64.Increment) ^ (number * 0xD1342543DE82EF95 + SplitMix64.Increment);
        return SplitMix64.Mix(z);
    }
}

/// <summary>The purposes that a seed of a run, of a study or of a set of data is split into. The numbers stay: with them every
/// recorded number can be made again.</summary>
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
