using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Search;

/// <summary>One point of a search's grid.</summary>
/// <param name="Name">As in "arity=8,batch-size=20,estimator=gr-mc-100": also the name of its folder.</param>
/// <param name="Values">The settings that the grid gives.</param>
internal sealed record Cell(string Name, JsonObject Values)
{
    /// <summary>Names the values.</summary>
    public static Cell Of(JsonObject values) =>
        new(values.Count == 0 ? "all" : string.Join(',', values.Select(pair => $"{pair.Key}={FileName(pair.Value!)}")), values);

    /// <summary>A value as text; null where the grid does not vary it.</summary>
    public string? this[string setting] => Values[setting]?.ToString();

    private static string FileName(JsonNode value) => value.ToString().Replace(':', '-').Replace('/', '-').Replace('\\', '-');
}
