namespace DiscreteGradients;

/// <summary>Proposition 3: tr var[mean over B of GR-MCK] = E var[ST-GS | D, X]/(B·K) + var[GR]/B. K shrinks the first part
/// only, so beyond some K there is nothing left to gain.</summary>
/// <param name="Conditional">E var[ST-GS | D, X], of one gradient.</param>
/// <param name="Residual">var[GR], what is left at K = ∞.</param>
/// <param name="ChiSquared">χ², the misfit of the straight line in 1/K; about <paramref name="DegreesOfFreedom"/> where it fits.</param>
/// <param name="DegreesOfFreedom">The number of K measured less two.</param>
public sealed record VarianceDecomposition(Estimate Conditional, Estimate Residual, double ChiSquared, int DegreesOfFreedom)
{
    /// <summary>The line through measured traces, weighted by their errors.</summary>
    /// <param name="traces">K (1 for ST-GS, <see cref="int.MaxValue"/> for K = ∞) and the trace, from independent draws.</param>
    /// <exception cref="ArgumentException">Fewer than two different K, a trace that is not finite, or an error that is not above 0.</exception>
    public static VarianceDecomposition Fit(IReadOnlyList<(int Samples, Estimate Trace)> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Select(point => point.Samples).Distinct().Count() < 2)
            throw new ArgumentException($"{traces.Count} traces of fewer than two different K; expected at least two.", nameof(traces));
        if (traces.Any(point => point.Samples < 1 || !(point.Trace.Error > 0) || !double.IsFinite(point.Trace.Value)))
        {
            throw new ArgumentException("a trace is not finite, or has K below 1 or an error that is not above 0; expected finite traces, "
                + "K of at least 1 and positive errors.", nameof(traces));
        }

        var points = traces.Select(point =>
            (X: 1.0 / point.Samples, Y: point.Trace.Value, Weight: 1 / (point.Trace.Error * point.Trace.Error))).ToList();
        var (s, sx, sxx) = (points.Sum(p => p.Weight), points.Sum(p => p.Weight * p.X), points.Sum(p => p.Weight * p.X * p.X));
        var (sy, sxy) = (points.Sum(p => p.Weight * p.Y), points.Sum(p => p.Weight * p.X * p.Y));
        var determinant = s * sxx - sx * sx;
        var (slope, intercept) = ((s * sxy - sx * sy) / determinant, (sxx * sy - sx * sxy) / determinant);
        var misfit = points.Sum(p => p.Weight * Math.Pow(p.Y - intercept - slope * p.X, 2));
        return new(new(slope, Math.Sqrt(s / determinant)), new(intercept, Math.Sqrt(sxx / determinant)), misfit, points.Count - 2);
    }

    /// <summary>tr var of the mean of <paramref name="batch"/> gradients of GR-MCK.</summary>
    /// <param name="samples">K ≥ 1.</param>
    /// <param name="batch">B, in units of the batch that was measured.</param>
    public double Trace(int samples, double batch = 1) => (Conditional.Value / samples + Residual.Value) / batch;

    /// <summary>How many times larger a batch ST-GS needs for the variance of GR-MCK.</summary>
    /// <param name="samples">K ≥ 1.</param>
    public double BatchFactor(int samples) => Trace(1) / Trace(samples);

    /// <summary>The smallest K at which the part that K shrinks is at most <paramref name="share"/> of what is left: more
    /// draws are hardly worth having, at any batch size.</summary>
    /// <param name="share">Above 0.</param>
    /// <returns>At least 1; <see cref="int.MaxValue"/> where no K is enough.</returns>
    public int SamplesFor(double share = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        return Conditional.Value <= 0 ? 1 : Residual.Value <= 0 ? int.MaxValue
            : (int)Math.Clamp(Math.Ceiling(Conditional.Value / (share * Residual.Value)), 1, int.MaxValue);
    }

    /// <summary>One line.</summary>
    public override string ToString() => $"E var[ST-GS | D] = {Conditional}, var[GR] = {Residual}; " + FormattableString.Invariant(
        $"GR-MC10 is worth a batch {BatchFactor(10):F2} times as large, K = ∞ {Trace(1) / Residual.Value:F2}; ")
        + FormattableString.Invariant($"K beyond {SamplesFor()} gains less than 5 %");
}
