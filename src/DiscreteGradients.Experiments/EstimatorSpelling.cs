using System.Text.Json;

namespace DiscreteGradients.Experiments;

/// <summary>Names of estimators as people type them: examples, and those that somebody may have meant.</summary>
internal static class EstimatorSpelling
{
    private const string UsualSamples = "100", Digits = "0123456789";

    /// <summary>A name of each kind that is offered, as in "gr-mc:100".</summary>
    public static IReadOnlyList<string> Names => [.. Offered.Select(family => Name(family, UsualSamples))];

    private static IEnumerable<EstimatorFamily> Offered =>
        Enum.GetValues<EstimatorFamily>().Where(family => !new EstimatorName(family).IsOfThePast);

    /// <summary>Reads a name of an estimator to be used, and tells the one that was perhaps meant where there is none.</summary>
    /// <exception cref="InputException">No estimator has that name, or K is not a whole number ≥ 1.</exception>
    public static EstimatorName Read(string word)
    {
        EstimatorName read;
        try
        {
            read = EstimatorName.Parse(word);
        }
        catch (InputException e) when (!HasOddSamples(word) && Nearest(word) is { } name && name != word)
        {
            throw new InputException($"unknown estimator {Quote.Of(word)}; did you mean '{name}'?", e) { Key = e.Key };
        }
        return read.Offered();
    }

    /// <summary>Reads names separated by commas.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<EstimatorName> ReadList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    /// <summary>The name that a text nearly is, in the spelling of the command, of the paper or of the library; null for none.</summary>
    public static string? Nearest(string text)
    {
        var word = text.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        var start = word.TrimEnd([.. Digits]);
        var samples = start.Length < word.Length ? word[start.Length..] : UsualSamples;
        var spelt = Offered.SelectMany(family => Spellings(family).Select(name => (Name: name, Family: family))).ToList();
        return Spelling.Nearest(start.TrimEnd(':'), spelt.Select(pair => pair.Name)) is { } nearest
            ? Name(spelt.Find(pair => pair.Name == nearest).Family, samples)
            : null;
    }

    // What stands behind the colon is wrong, not the name.
    private static bool HasOddSamples(string word) =>
        word.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && !word[(colon + 1)..].All(char.IsAsciiDigit);

    private static IEnumerable<string> Spellings(EstimatorFamily family)
    {
        var name = new EstimatorName(family);
        return [name.With(null), name.PaperNameWith("").ToLowerInvariant(), JsonNamingPolicy.KebabCaseLower.ConvertName($"{family}")];
    }

    private static string Name(EstimatorFamily family, string samples) =>
        new EstimatorName(family, family == EstimatorFamily.GumbelRao ? 1 : null).With(samples);
}
