using System.Text.Json;

namespace DiscreteGradients.Experiments;

/// <summary>Names of estimators as examples, and those that somebody may have meant.</summary>
internal static class EstimatorSpelling
{
    private const string Digits = "0123456789", Zgr = "zgr";

    /// <summary>A name of each kind that is offered, as in "gr-mc:100".</summary>
    public static IReadOnlyList<string> Names => [.. Offered.Select(name => $"{name}"), Zgr];

    private static IEnumerable<EstimatorName> Offered =>
        from family in Enum.GetValues<EstimatorFamily>()
        let name = new EstimatorName(family, family == EstimatorFamily.GumbelRao ? 100 : null, Weight: family == EstimatorFamily.SecondOrderStraightThrough ? 0.5 : null)
        where !name.IsOfThePast && !name.HasSeveralEvaluations
        select name;

    /// <summary>The name that a text nearly is, in the spelling of the command, of the paper or of the library; null for none.</summary>
    public static string? Nearest(string text)
    {
        var word = text.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        var start = word.TrimEnd([.. Digits]);
        var offered = (from name in Offered from spelling in Spellings(name) select (spelling, name)).DistinctBy(pair => pair.spelling)
            .ToDictionary(pair => pair.spelling, pair => pair.name, StringComparer.Ordinal);
        if (offered.TryGetValue(word, out var same)) return $"{same}";
        if (Spelling.Nearest(start.TrimEnd(':'), [.. offered.Keys, Zgr]) is not { } nearest) return null;
        if (nearest == Zgr) return Zgr;
        return start.Length < word.Length ? offered[nearest].With(word[start.Length..]) : $"{offered[nearest]}";
    }

    private static IEnumerable<string> Spellings(EstimatorName name) =>
        [name.With(null), name.PaperNameWith("").ToLowerInvariant(), JsonNamingPolicy.KebabCaseLower.ConvertName($"{name.Family}")];
}
