using System.Globalization;

namespace DiscreteGradients;

/// <summary>
/// A choice is the τ of least mean squared error, with its uncertainty.
/// </summary>
/// <param name="Temperature">The temperature τ: the vertex of the parabola in log τ through the best point of the grid and its
/// neighbours; NaN if one of the errors is.</param>
/// <param name="Low">The lower end of the 95 % interval, from the jackknife of log τ; within the grid.</param>
/// <param name="High">The upper end of the same interval; within the grid.</param>
/// <param name="AtEdge">True where the best point is the first or the last of the grid: the minimum may lie beyond.</param>
/// <example>
/// <code>
/// var logits = randn(1, 4, dtype: ScalarType.Float64).requires_grad_();
/// var weights = randn(4, dtype: ScalarType.Float64);
/// Tensor Gradient(IGradientEstimator estimator, Generator generator)
/// {
///     var node = estimator.Sample(new OneHotCategorical(logits), generator);
///     var y = (node.Value * weights).sum(-1);
///     return autograd.grad([SurrogateLoss.Parallel(y * y, [node]).sum()], [logits])[0];
/// }
/// var study = new TemperatureStudy(Gradient) { Draws = 50 };
/// var choice = study.Measure(τ =&gt; new GumbelRaoExact(τ), [0.2, 0.5, 1, 2], new Reinforce()).Best;
/// if (choice.AtEdge) Console.WriteLine("take a wider grid");
/// </code>
/// </example>
public sealed record TemperatureChoice(double Temperature, double Low, double High, bool AtEdge)
{
    /// <summary>Writes the name and the members, with numbers in the invariant culture.</summary>
    public override string ToString() => InvariantText.Of(nameof(TemperatureChoice), PrintMembers);

    /// <summary>Takes the choice from a measured curve and the same curve with each of several independent blocks of draws left
    /// out.</summary>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="errors">The mean squared error at each.</param>
    /// <param name="leftOut">One curve a block.</param>
    internal static TemperatureChoice Of(
        IReadOnlyList<double> temperatures, IReadOnlyList<double> errors, IReadOnlyList<IReadOnlyList<double>> leftOut)
    {
        var (best, index) = Minimum(temperatures, errors);
        var spread = 1.96 * Jackknife.StandardError([.. leftOut.Select(curve => Minimum(temperatures, curve).LogTemperature)]);
        var (low, high) = (Math.Exp(best - spread), Math.Exp(best + spread));
        return new(Math.Exp(best), Math.Max(temperatures[0], low), Math.Min(temperatures[^1], high),
            index == 0 || index == temperatures.Count - 1);
    }

    /// <summary>Requires a grid that the studies can use.</summary>
    internal static void Check(IReadOnlyList<double> temperatures)
    {
        ArgumentNullException.ThrowIfNull(temperatures);
        var ascending = temperatures.Zip(temperatures.Skip(1)).All(pair => pair.First < pair.Second);
        if (temperatures.Count >= 3 && ascending && temperatures[0] > 0 && double.IsFinite(temperatures[^1])) return;
        var grid = string.Join(", ", temperatures.Select(t => t.ToString(CultureInfo.InvariantCulture)));
        throw new ArgumentException($"temperatures is [{grid}]; expected at least 3, ascending, above 0.", nameof(temperatures));
    }

    private static (double LogTemperature, int Index) Minimum(IReadOnlyList<double> temperatures, IReadOnlyList<double> errors)
    {
        if (errors.Any(double.IsNaN)) return (double.NaN, -1);
        var index = Enumerable.Range(0, errors.Count).MinBy(i => errors[i]);
        var middle = Math.Log(temperatures[index]);
        if (index == 0 || index == errors.Count - 1) return (middle, index);
        var (left, right) = (Math.Log(temperatures[index - 1]) - middle, Math.Log(temperatures[index + 1]) - middle);
        var (a, b) = (errors[index - 1] - errors[index], errors[index + 1] - errors[index]);
        // y = c x² + d x through (left, a) and (right, b); a > 0 and b ≥ 0, so c > 0 and the vertex is between them.
        var curvature = (a / left - b / right) / (left - right);
        var slope = (a * right / left - b * left / right) / (right - left);
        return (middle - slope / (2 * curvature), index);
    }
}
