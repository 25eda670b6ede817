using System.Globalization;

namespace DiscreteGradients.Experiments.Timing;

/// <summary>The three quartiles of repeated measurements; what happens to a few of them does not move it.</summary>
internal sealed record Quartiles(double Low, double Median, double High)
{
    /// <summary>The quartiles of at least one number, by linear interpolation.</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(At(0.25), At(0.5), At(0.75));
        double At(double part)
        {
            var (below, position) = ((int)(part * (sorted.Length - 1)), part * (sorted.Length - 1));
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
        }
    }

    /// <summary>The quartiles of the quotients of measurements made in turn: a machine that slows down for a while slows both.</summary>
    public static Quartiles OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator));

    /// <summary>The median and the middle half, as in "40.2 (38.0–41.0)"; "-" for none.</summary>
    public static string Text(Quartiles? quartiles) =>
        quartiles is null ? "-" : $"{Number(quartiles.Median)} ({Number(quartiles.Low)}–{Number(quartiles.High)})";

    /// <summary>A number with three significant digits and no exponent; "-" for none.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 or 0 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };
}
