namespace DiscreteGradients;

/// <summary>
/// A decomposition has the two parts of the variance by Proposition 3, tr var[mean over B of GR-MCK] = E var[ST-GS | D,
/// X]/(B·K) + var[GR]/B. K shrinks the first part only, so beyond some K there is nothing left to gain.
/// </summary>
/// <param name="Conditional">The part that K shrinks, E var[ST-GS | D, X], of one gradient.</param>
/// <param name="Residual">The part that is left at K = ∞, var[GR].</param>
/// <param name="ChiSquared">The misfit χ² of the straight line in 1/K; about <paramref name="DegreesOfFreedom"/> where it
/// fits.</param>
/// <param name="DegreesOfFreedom">The number of K measured less two.</param>
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
/// var parts = new GradientStudy(Gradient) { Draws = 50 }.Decompose(temperature: 0.5, samples: [1, 10]);
/// Console.WriteLine($"{parts.Conditional} falls with K, {parts.Residual} stays; K = {parts.SamplesFor(share: 0.05)} is enough");
/// </code>
/// </example>
public sealed record VarianceDecomposition(Estimate Conditional, Estimate Residual, double ChiSquared, int DegreesOfFreedom)
{
    // Squares of smaller numbers are 0 in float64.
    private const double Nothing = 1e-150;

    /// <summary>Fits the line through measured traces, weighted by their errors.</summary>
    /// <param name="traces">K (1 for ST-GS, <see cref="int.MaxValue"/> for K = ∞) and the trace, from independent draws.</param>
    /// <exception cref="ArgumentException">There are fewer than two different K, a trace is not finite, or one that varies has an
    /// error that is not above 0.</exception>
    internal static VarianceDecomposition Fit(IReadOnlyList<(int Samples, Estimate Trace)> traces)
    {
        if (traces.Select(point => point.Samples).Distinct().Count() < 2)
        {
            throw new ArgumentException(
                $"{traces.Count} traces of fewer than two different K; expected at least two.", nameof(traces));
        }
        if (traces.Any(point => point.Samples < 1 || !double.IsFinite(point.Trace.Value)
            || !(point.Trace.Error > 0 || IsStill(point.Trace))))
        {
            throw new ArgumentException("a trace is not finite, or has K below 1 or an error that is not above 0; expected "
                + "finite traces, K of at least 1 and positive errors.", nameof(traces));
        }

        // Weighted least squares of y = intercept + slope x, with x = 1/K and the weight 1/error².
        var points = traces.Where(point => !IsStill(point.Trace)).Select(point =>
            (X: 1.0 / point.Samples, Y: point.Trace.Value, Weight: 1 / (point.Trace.Error * point.Trace.Error))).ToList();
        List<int> still = [.. traces.Where(point => IsStill(point.Trace)).Select(point => point.Samples)];
        var (slope, intercept) = still.Count == 0 ? Line(points) : (Shrunk(points, still), new Estimate(0, 0));
        var misfit = points.Sum(p => p.Weight * Math.Pow(p.Y - intercept.Value - slope.Value * p.X, 2));
        return new(slope, intercept, misfit, traces.Count - 2);
    }

    // The draws are all the same, as of logits so large that one category is certain.
    private static bool IsStill(Estimate trace) => trace.Error >= 0 && Math.Max(Math.Abs(trace.Value), trace.Error) < Nothing;

    // The sums of the normal equations, whose inverse matrix has the variances of the two on its diagonal.
    private static (Estimate Slope, Estimate Intercept) Line(List<(double X, double Y, double Weight)> points)
    {
        var weight = points.Sum(p => p.Weight);
        var x = points.Sum(p => p.Weight * p.X);
        var xx = points.Sum(p => p.Weight * p.X * p.X);
        var y = points.Sum(p => p.Weight * p.Y);
        var xy = points.Sum(p => p.Weight * p.X * p.Y);
        var determinant = weight * xx - x * x;
        return (new((weight * xy - x * y) / determinant, Math.Sqrt(weight / determinant)),
            new((xx * y - x * xy) / determinant, Math.Sqrt(xx / determinant)));
    }

    // No trace is below var[GR]: where one does not vary at all, nothing is left at K = ∞; and where that one is of a finite K,
    // there was nothing to shrink either.
    private static Estimate Shrunk(List<(double X, double Y, double Weight)> points, List<int> still)
    {
        if (still.Exists(samples => samples < int.MaxValue)) return new(0, 0);
        var xx = points.Sum(p => p.Weight * p.X * p.X);
        return new(points.Sum(p => p.Weight * p.X * p.Y) / xx, Math.Sqrt(1 / xx));
    }

    /// <summary>Predicts tr var of the mean of <paramref name="batch"/> gradients of GR-MCK.</summary>
    /// <param name="samples">K ≥ 1.</param>
    /// <param name="batch">B, in units of the batch that was measured.</param>
    public double Trace(int samples, double batch = 1) => (Conditional.Value / samples + Residual.Value) / batch;

    /// <summary>Predicts the factor by which the batch of ST-GS must be larger for the variance of GR-MCK.</summary>
    /// <param name="samples">K ≥ 1.</param>
    public double BatchFactor(int samples) => Trace(1) / Trace(samples);

    /// <summary>Gives the smallest K at which the part that K shrinks is at most <paramref name="share"/> of the other: more
    /// draws are hardly worth having, at any batch size.</summary>
    /// <param name="share">The largest share, above 0.</param>
    /// <returns>At least 1; <see cref="int.MaxValue"/> where no K is enough.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not above 0.</exception>
    public int SamplesFor(double share = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        if (Conditional.Value <= 0) return 1;
        if (Residual.Value <= 0) return int.MaxValue;
        return (int)Math.Clamp(Math.Ceiling(Conditional.Value / (share * Residual.Value)), 1, int.MaxValue);
    }

    /// <summary>Writes the two parts and what they mean in one line.</summary>
    public override string ToString() => $"E var[ST-GS | D] = {Conditional}, var[GR] = {Residual}; "
        + FormattableString.Invariant($"GR-MC10 is worth a batch {BatchFactor(10):F2} times as large, ")
        + FormattableString.Invariant($"K = ∞ {Trace(1) / Residual.Value:F2}; ")
        + FormattableString.Invariant($"K beyond {SamplesFor()} gains less than 5 %");
}
