namespace DiscreteGradients;

/// <summary>
/// A summary has the moments of one estimator's gradient g, from draws of it.
/// </summary>
/// <param name="Estimator">The estimator whose gradients were drawn.</param>
/// <param name="Draws">The number N of gradients drawn.</param>
/// <param name="Mean">The mean of the draws, flat.</param>
/// <param name="Trace">The trace of the covariance, tr cov(g), unbiased.</param>
/// <param name="SquaredBias">The squared bias ‖E g − r‖² against the reference r, less the sampling variance of the means:
/// unbiased, so it may come out below 0 where there is less bias than noise; the noise of a drawn reference is in its error. Null
/// without a reference.</param>
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
/// var study = new GradientStudy(Gradient) { Draws = 50 };
/// var summary = study.Compare([new GumbelRaoExact(0.5)], reference: new Reinforce())[0];
/// Console.WriteLine($"variance {summary.Trace}, squared bias {summary.SquaredBias}");
/// </code>
/// </example>
public sealed record GradientSummary(
    IGradientEstimator Estimator, long Draws, IReadOnlyList<Estimate> Mean, Estimate Trace, Estimate? SquaredBias)
{
    /// <summary>The logarithm log₁₀ of <see cref="Trace"/>; null where nothing varies, NaN with a gradient of NaN.</summary>
    public Estimate? Log10Trace => double.IsNaN(Trace.Value) ? Trace : Trace.Log10;

    /// <summary>The mean squared error E‖g − r‖² = tr cov(g) + ‖E g − r‖²; null without a reference. Its error takes the two
    /// parts as independent (they are for normal draws).</summary>
    public Estimate? MeanSquaredError => Trace + SquaredBias;

    /// <summary>Gives the scale-free error, min over c of E‖c·g − r‖²/‖r‖² for the mean g of <paramref name="batch"/> draws: 0
    /// for the reference itself, 1 for noise. It takes no account of a gradient that is only shorter or longer, which a learning
    /// rate sets right. Null without a reference, or where it does not differ from 0.</summary>
    /// <param name="batch">The number B of draws that are averaged, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    public Estimate? ScaleFreeError(double batch = 1)
    {
        Require.Batch(batch);
        return Blocks?.ScaleFreeError(batch);
    }

    /// <summary>The trace and the squared bias by blocks of the draws; null without a reference.</summary>
    internal BlockedErrors? Blocks { get; init; }

    /// <summary>Writes the summary in one line.</summary>
    public override string ToString()
    {
        var trace = $"{Estimator}: log10 trace {Estimate.Text(Log10Trace, "F3", "F3")}";
        if (SquaredBias is null) return trace;
        return trace + FormattableString.Invariant($", squared bias {SquaredBias}, MSE {MeanSquaredError}, ")
            + FormattableString.Invariant($"scale-free error {Estimate.Text(ScaleFreeError())} ({Draws} draws)");
    }
}
