namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The middle half of repeated measurements; what happens to a few of them does not move it.</summary>
/// <param name="Low">The first quartile.</param>
/// <param name="Median">The second.</param>
/// <param name="High">The third.</param>
public sealed record Quartiles(double Low, double Median, double High)
{
    /// <summary>Of at least one number, by linear interpolation.</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(At(0.25), At(0.5), At(0.75));
        double At(double part)
        {
            var (below, position) = ((int)(part * (sorted.Length - 1)), part * (sorted.Length - 1));
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
        }
    }

    /// <summary>Of the quotients of measurements made in turn: a machine that slows down for a while slows both.</summary>
    public static Quartiles OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator));
}
