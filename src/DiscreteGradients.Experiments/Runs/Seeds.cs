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
        var z = Mix(seed + 0x9E3779B97F4A7C15) ^ (number * 0xD1342543DE82EF95 + 0x9E3779B97F4A7C15);
        return Mix(z);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
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
