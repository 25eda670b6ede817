using System.Text.Json;

namespace DiscreteGradients.Experiments;

/// <summary>Names of estimators as people type them: examples, and those that somebody may have meant.</summary>
internal static class EstimatorSpelling
{
    private const string Digits = "0123456789", Zgr = "zgr";

    /// <summary>A name of each kind that is offered, as in "gr-mc:100".</summary>
    public static IReadOnlyList<string> Names => [.. Offered.Select(name => $"{name}"), Zgr];

    private static IEnumerable<EstimatorName> Offered =>
        from family in Enum.GetValues<EstimatorFamily>()
        let samples = family == EstimatorFamily.GumbelRao ? 100 : (int?)null
        let name = new EstimatorName(family, samples, Weight: family == EstimatorFamily.SecondOrderStraightThrough ? 0.5 : null)
        where !name.IsOfThePast && !name.HasSeveralEvaluations
        select name;

    /// <summary>Reads a name, which may be one that only recorded results have, and tells the one that was perhaps meant where
    /// there is none.</summary>
    /// <exception cref="InputException">No estimator has that name, or K is not a whole number ≥ 1.</exception>
    public static EstimatorName Read(string word)
    {
        try
        {
            return EstimatorName.Parse(word);
        }
        catch (InputException e) when (!HasOddSamples(word) && Nearest(word) is { } name && name != word)
        {
            throw new InputException($"unknown estimator {Quote.Of(word)}; did you mean '{name}'?", e) { Key = e.Key };
        }
    }

    /// <summary>The name that a text nearly is, in the spelling of the command, of the paper or of the library; null for
    /// none.</summary>
    public static string? Nearest(string text)
    {
        var word = text.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        var start = word.TrimEnd([.. Digits]);
        var offered = Offered.SelectMany(name => Spellings(name).Select(spelling => (Spelling: spelling, Name: name)))
            .DistinctBy(pair => pair.Spelling)
            .ToDictionary(pair => pair.Spelling, pair => pair.Name, StringComparer.Ordinal);
        if (offered.TryGetValue(word, out var same)) return $"{same}";
        if (Spelling.Nearest(start.TrimEnd(':'), [.. offered.Keys, Zgr]) is not { } nearest) return null;
        if (nearest == Zgr) return Zgr;
        return start.Length < word.Length ? offered[nearest].With(word[start.Length..]) : $"{offered[nearest]}";
    }

    // What stands behind the colon is wrong, not the name.
    private static bool HasOddSamples(string word) =>
        word.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && !word[(colon + 1)..].All(char.IsAsciiDigit);

    private static IEnumerable<string> Spellings(EstimatorName name) =>
    [
        name.With(null),
        name.PaperNameWith("").ToLowerInvariant(),
        JsonNamingPolicy.KebabCaseLower.ConvertName($"{name.Family}"),
    ];
}
