using System.Globalization;

namespace DiscreteGradients.Experiments;

/// <summary>An estimator as the command line and settings files name it: "st-gs", "gr-mc:100".</summary>
public sealed record EstimatorSpec
{
    private const string Known = "reinforce, st, gs, st-gs or gr-mc:K (K ≥ 1)";

    private EstimatorSpec(string text, Func<double, int, IGradientEstimator> create) => (Text, Create) = (text, create);

    /// <summary>The name as given.</summary>
    public string Text { get; }

    /// <summary>Makes the estimator at a temperature τ (which REINFORCE ignores), with at most so many threads.</summary>
    public Func<double, int, IGradientEstimator> Create { get; }

    /// <summary>Whether the cost is multiplied by a score, so that a baseline helps.</summary>
    public bool UsesScore => Text == "reinforce";

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
            ("gr-mc", 2) when Samples(parts[1], text) is var samples => new(text, (temperature, threads) => new GumbelRao(samples, temperature) { Threads = threads }),
            _ => throw new InputException($"unknown estimator '{text}'; expected {Known}."),
        };
    }

    /// <summary>Parses a list separated by commas.</summary>
    public static IReadOnlyList<EstimatorSpec> ParseList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static int Samples(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) && samples >= 1
            ? samples
            : throw new InputException($"estimator '{text}' has K = '{digits}'; expected a whole number of at least 1.");
}
