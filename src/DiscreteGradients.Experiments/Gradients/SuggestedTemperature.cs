namespace DiscreteGradients.Experiments.Gradients;

/// <summary>The τ of least mean squared error for one estimator.</summary>
/// <param name="Estimator">Its name.</param>
/// <param name="Temperature">τ.</param>
/// <param name="Low">Of the 95 % interval.</param>
/// <param name="High">Of the 95 % interval.</param>
/// <param name="AtEdge">Whether the best point is the first or last of the grid: the minimum may lie beyond.</param>
public sealed record SuggestedTemperature(EstimatorName Estimator, double Temperature, double Low, double High, bool AtEdge)
{
    internal static SuggestedTemperature Of(EstimatorName estimator, TemperatureChoice choice) => new(estimator, choice.Temperature, choice.Low, choice.High, choice.AtEdge);

    /// <summary>One line.</summary>
    public override string ToString() => Invariant(
        $"{Estimator}: least mean squared error at temperature {Temperature:G3} (95 %: {Low:G3} to {High:G3}{(AtEdge ? "; at the edge of the grid, try a wider one" : "")})");
}
