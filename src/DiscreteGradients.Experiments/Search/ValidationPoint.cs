using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The validation objective at a step of a trial's training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Bound">Nats.</param>
public sealed record ValidationPoint(int Step, double Bound)
{
    /// <summary>Those of a trial of the VAE, from its metrics; none where it was not trained.</summary>
    public static IReadOnlyList<ValidationPoint> Of(SearchFolder search, Trial trial)
    {
        var metrics = Path.Combine(search.PathOf(trial), "metrics.jsonl");
        if (!File.Exists(metrics)) return [];
        return [.. File.ReadLines(metrics).Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => line.ContainsKey("validation-bound"))
            .Select(line => new ValidationPoint((int)line["step"]!, (double)line["validation-bound"]!))];
    }
}
