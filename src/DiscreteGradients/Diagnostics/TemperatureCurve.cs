namespace DiscreteGradients;

/// <summary>
/// A curve is the mean squared error of a family of estimators against τ.
/// </summary>
/// <param name="Temperatures">The temperatures τ, ascending.</param>
/// <param name="MeanSquaredErrors">E‖g_τ − r‖² at each, less the sampling variance of a drawn reference. They are correlated
/// (common random numbers, one reference): a difference of two temperatures is known better than their errors
/// suggest.</param>
/// <param name="Best">The τ of the least error.</param>
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
/// var curve = study.Measure(τ =&gt; new GumbelRaoExact(τ), [0.2, 0.5, 1, 2], new Reinforce());
/// foreach (var (τ, error) in curve.Temperatures.Zip(curve.MeanSquaredErrors)) Console.WriteLine($"{τ}: {error}");
/// </code>
/// </example>
public sealed record TemperatureCurve(
    IReadOnlyList<double> Temperatures, IReadOnlyList<Estimate> MeanSquaredErrors, TemperatureChoice Best)
{
    /// <summary>Writes the best temperature in one line.</summary>
    public override string ToString()
    {
        var edge = Best.AtEdge ? ", at the edge of the grid" : "";
        return FormattableString.Invariant($"temperature {Best.Temperature:G3} (95 %: {Best.Low:G3} to {Best.High:G3}{edge})");
    }

    /// <summary>Makes a curve from measurements in blocks of draws by common random numbers.</summary>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="error">The mean squared error at a point of the grid without one block; by all of them for −1.</param>
    internal static TemperatureCurve Of(IReadOnlyList<double> temperatures, Func<int, int, double> error)
    {
        const int Blocks = GradientBlocks.Count;
        var errors = temperatures.Select((_, point) => Jackknife.Of(Blocks, without => error(point, without))).ToList();
        var leftOut = Enumerable.Range(0, Blocks).Select(Without);
        return new(temperatures, errors, TemperatureChoice.Of(temperatures, errors.ConvertAll(one => one.Value), [.. leftOut]));

        List<double> Without(int block) => [.. temperatures.Select((_, point) => error(point, block))];
    }
}
