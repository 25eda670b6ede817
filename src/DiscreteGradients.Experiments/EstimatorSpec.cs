using System.Globalization;

namespace DiscreteGradients.Experiments;

/// <summary>An estimator as the command line and settings files name it: "st-gs", "gr-mc:100".</summary>
public sealed record EstimatorSpec
{
    /// <summary>The names, for messages and help.</summary>
    public const string Known = "reinforce, st, gs, st-gs, gr-mc:K (K ≥ 1), gr-mc:K:antithetic or gr";

    /// <summary>The largest K.</summary>
    public const int MostSamples = 1_000_000;

    /// <summary>The least τ, which float32 numbers can be divided by.</summary>
    public const double LeastTemperature = 1e-36;

    /// <summary>What a temperature must be, for messages.</summary>
    public const string TemperatureRange = "a finite number of at least 1e-36";

    private EstimatorSpec(string text, Func<double, int, IGradientEstimator> create) => (Text, Create) = (text, create);

    /// <summary>The name as given.</summary>
    public string Text { get; }

    /// <summary>Makes the estimator at a temperature τ (which REINFORCE ignores), with at most so many threads.</summary>
    public Func<double, int, IGradientEstimator> Create { get; }

    /// <summary>Whether the cost is multiplied by a score, so that a baseline helps.</summary>
    public bool UsesScore => Text == "reinforce";

    /// <summary>Itself; recorded results may name one that there is no more.</summary>
    /// <exception cref="InputException">There is none to be had by that name.</exception>
    public EstimatorSpec Offered()
    {
        if (IsOfThePast) throw Gone(Text);
        return this;
    }

    /// <summary>Whether only recorded results name it.</summary>
    public bool IsOfThePast => Text.StartsWith("gr-qmc:", StringComparison.Ordinal);

    /// <summary>Whether an estimator can have this τ.</summary>
    public static bool IsTemperature(double temperature) => temperature >= LeastTemperature && double.IsFinite(temperature);

    /// <summary>The name as part of a file name.</summary>
    public string FileName => Text.Replace(':', '-');

    /// <summary>Parses a name.</summary>
    /// <exception cref="InputException">No estimator has that name, or K is not a whole number ≥ 1.</exception>
    public static EstimatorSpec Parse(string text)
    {
        var parts = text.Split(':');
        return (parts[0], parts.Length) switch
        {
            ("reinforce", 1) => new(text, (_, _) => new Reinforce()),
            ("st", 1) => new(text, (temperature, _) => new StraightThrough(temperature)),
            ("gs", 1) => new(text, (temperature, _) => new GumbelSoftmax(temperature)),
            ("st-gs", 1) => new(text, (temperature, _) => new StraightThroughGumbelSoftmax(temperature)),
            ("gr", 1) => new(text, (temperature, threads) => new GumbelRaoExact(temperature) { Threads = threads }),
            ("gr-qmc", 2) when Samples(parts[1], text) > 0 => new(text, (_, _) => throw Gone(text)),
            ("gr-mc", 3) when parts[2] == "antithetic" && Samples(parts[1], text) is var samples =>
                new(text, (temperature, threads) => new GumbelRao(samples, temperature) { Threads = threads, Antithetic = true }),
            ("gr-mc", 2) when Samples(parts[1], text) is var samples => new(text, (temperature, threads) => new GumbelRao(samples, temperature) { Threads = threads }),
            _ => throw Wrong($"unknown estimator {Quote.Of(text)}; expected {Known}."),
        };
    }

    /// <summary>Parses a list separated by commas, of estimators to be used.</summary>
    public static IReadOnlyList<EstimatorSpec> ParseList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Parse(name).Offered())];

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static int Samples(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) && samples is >= 1 and <= MostSamples
            ? samples
            : throw Wrong($"estimator '{text}' has K = '{digits}'; expected a whole number from 1 to {MostSamples}.");

    private static InputException Gone(string text) => Wrong($"estimator '{text}' is no longer offered; use gr, the limit of K → ∞, which takes less time.");

    private static InputException Wrong(string message) => new(message) { Key = "estimator" };
}
