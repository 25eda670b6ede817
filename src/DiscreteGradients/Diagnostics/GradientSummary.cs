namespace DiscreteGradients;

/// <summary>The moments of one estimator's gradient g, from draws of it.</summary>
/// <param name="Estimator">Whose gradient.</param>
/// <param name="Draws">N, the number of gradients drawn.</param>
/// <param name="Mean">The mean of the draws, flat.</param>
/// <param name="Trace">tr cov(g), unbiased.</param>
/// <param name="SquaredBias">‖E g − r‖² against the reference r, less the sampling variance of the means: unbiased, so it may
/// come out below 0 where there is less bias than noise; the noise of a drawn reference is in its error. Null without a
/// reference.</param>
public sealed record GradientSummary(
    IGradientEstimator Estimator, long Draws, IReadOnlyList<Estimate> Mean, Estimate Trace, Estimate? SquaredBias)
{
    /// <summary>log₁₀ of <see cref="Trace"/>; null where nothing varies.</summary>
    public Estimate? Log10Trace => Trace.Log10;

    /// <summary>E‖g − r‖² = tr cov(g) + ‖E g − r‖²; null without a reference. Its error takes the two parts as independent
    /// (they are for normal draws).</summary>
    public Estimate? MeanSquaredError => Trace + SquaredBias;

    /// <summary>Trace and squared bias by blocks of the draws; null without a reference.</summary>
    internal BlockedErrors? Blocks { get; init; }

    /// <summary>One line.</summary>
    public override string ToString() => $"{Estimator}: log10 trace {Estimate.Text(Log10Trace, "F3", "F3")}"
        + (SquaredBias is null ? "" : FormattableString.Invariant($", squared bias {SquaredBias}, MSE {MeanSquaredError} ({Draws} draws)"));
}
