using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The validation objective at a step of a trial's training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Bound">Nats.</param>
internal sealed record ValidationPoint(int Step, double Bound)
{
    /// <summary>Those of a trial of the VAE, from its metrics; none where it was not trained.</summary>
    public static IReadOnlyList<ValidationPoint> Of(SearchFolder search, Trial trial)
    {
        var folder = search.PathOf(trial);
        if (!File.Exists(Path.Combine(folder, "metrics.jsonl"))) return [];
        return [.. from line in MetricsLine.Read(folder)
                   let bound = line.Number("validation-bound")
                   where bound is not null
                   select new ValidationPoint(line.Step, bound.Value)];
    }
}
