namespace DiscreteGradients;

/// <summary>The mean squared error of a family of estimators against τ.</summary>
/// <param name="Temperatures">τ, ascending.</param>
/// <param name="MeanSquaredErrors">E‖g_τ − r‖² at each, less the sampling variance of a drawn reference.</param>
/// <param name="StandardErrors">The standard error of each. They hang together (common random numbers, one reference): a difference of two
/// temperatures is known better than they suggest.</param>
/// <param name="Best">The τ that minimises.</param>
public sealed record TemperatureCurve(IReadOnlyList<double> Temperatures, IReadOnlyList<double> MeanSquaredErrors, IReadOnlyList<double> StandardErrors, TemperatureChoice Best)
{
    /// <summary>One line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"temperature {Best.Temperature:G3} (95 %: {Best.Low:G3} to {Best.High:G3}{(Best.AtEdge ? ", at the edge of the grid" : "")})");
}
