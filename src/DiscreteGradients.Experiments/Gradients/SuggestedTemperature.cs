namespace DiscreteGradients.Experiments.Gradients;

/// <summary>The τ of least mean squared error for one estimator.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end of the same interval.</param>
/// <param name="AtEdge">Whether the best point is the first or last of the grid: the minimum may lie beyond.</param>
internal sealed record SuggestedTemperature(EstimatorName Estimator, double Temperature, double Low, double High, bool AtEdge)
{
    /// <summary>The suggestion of a grid of measurements by common random numbers.</summary>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="errors">One a temperature.</param>
    /// <param name="batch">Gradients that are averaged.</param>
    internal static SuggestedTemperature Of(EstimatorName estimator, IReadOnlyList<double> temperatures,
        IReadOnlyList<BlockedErrors> errors, double batch = 1)
    {
        var best = TemperatureCurve.Of(temperatures, (point, without) => errors[point].Without(without, batch)).Best;
        return new(estimator, best.Temperature, best.Low, best.High, best.AtEdge);
    }

    public override string ToString() => Invariant(
        $"{Estimator}: least mean squared error at temperature {Temperature:G3} (95 %: {Low:G3} to {High:G3}{(AtEdge ? "; at the edge of the grid, try a wider one" : "")})");
}
