using System.Globalization;
using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.Gradients;

/// <summary>The τ of least mean squared error for one estimator.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end of the same interval.</param>
/// <param name="AtEdge">Whether the best point is the first or last of the grid: the minimum may lie beyond.</param>
internal sealed record SuggestedTemperature(EstimatorName Estimator, double Temperature, double Low, double High, bool AtEdge)
{
    /// <summary>The warning that goes with any suggestion.</summary>
    public const string Warning =
        "The temperature of least error of one gradient is not the best for training, where bias matters more than variance: "
        + "compare trainings at lower ones too.";

    /// <summary>The most times that a grid is made wider.</summary>
    public const int MostRounds = 3;

    private const double Lowest = 0.01, Highest = 10;
    private const int More = 2;

    /// <summary>Tells whether the best point, where it is at an edge of the grid, is at the lower one.</summary>
    [JsonIgnore]
    public bool IsLowest { get; private init; }

    /// <summary>The temperature in a list, as in "0.66 (95 %: 0.6 to 0.8)" or "1 or above, the highest measured".</summary>
    public string Short => AtEdge
        ? Invariant($"{Temperature:G3} or {(IsLowest ? "below, the lowest" : "above, the highest")} measured")
        : Invariant($"{Temperature:G3} (95 %: {Low:G3} to {High:G3})");

    /// <summary>Gives a grid that goes on where a suggestion is at its edge, in the same ratios; null where none is, or where it
    /// already goes as far as is of use.</summary>
    /// <param name="grid">Ascending.</param>
    public static IReadOnlyList<double>? Wider(IReadOnlyList<double> grid, IReadOnlyCollection<SuggestedTemperature> suggestions)
    {
        var below = suggestions.Any(one => one is { AtEdge: true, IsLowest: true }) ? Beyond(grid[0], grid[0] / grid[1]) : [];
        var above = suggestions.Any(one => one is { AtEdge: true, IsLowest: false }) ? Beyond(grid[^1], grid[^1] / grid[^2]) : [];
        return below.Count + above.Count == 0 ? null : [.. below.Reverse(), .. grid, .. above];

        static IReadOnlyList<double> Beyond(double edge, double ratio) => [.. Enumerable.Range(1, More)
            .Select(i => double.Parse((edge * Math.Pow(ratio, i)).ToString("G2", CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture)).Where(one => one is >= Lowest and <= Highest)];
    }

    /// <summary>The suggestion of a grid of measurements by common random numbers.</summary>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="errors">One a temperature.</param>
    /// <param name="batch">Gradients that are averaged.</param>
    internal static SuggestedTemperature Of(EstimatorName estimator, IReadOnlyList<double> temperatures,
        IReadOnlyList<BlockedErrors> errors, double batch = 1)
    {
        var best = TemperatureCurve.Of(temperatures, (point, without) => errors[point].Without(without, batch)).Best;
        return new(estimator, best.Temperature, best.Low, best.High, best.AtEdge)
        {
            IsLowest = best.Temperature < temperatures[temperatures.Count / 2],
        };
    }

    public override string ToString() => AtEdge
        ? Invariant($"{Estimator}: the mean squared error is least at the {(IsLowest ? "lowest" : "highest")} temperature measured, {Temperature:G3}: the best one may lie {(IsLowest ? "below" : "above")}")
        : Invariant($"{Estimator}: least mean squared error at temperature {Temperature:G3} (95 %: {Low:G3} to {High:G3})");
}
