namespace DiscreteGradients;

/// <summary>What draws of one estimator's gradient g say of it. Errors are standard errors.</summary>
/// <param name="Estimator">Whose gradient.</param>
/// <param name="Draws">N, the number of gradients drawn.</param>
/// <param name="Mean">The mean of the draws, flat.</param>
/// <param name="Trace">tr cov(g), unbiased.</param>
/// <param name="TraceError">Standard error of <paramref name="Trace"/>.</param>
/// <param name="SquaredBias">‖E g − r‖² against the reference r, less the sampling variance of the means: unbiased, so it may
/// come out below 0 where there is less bias than noise. Null without a reference.</param>
/// <param name="SquaredBiasError">Standard error of <paramref name="SquaredBias"/>, the noise of a drawn reference included.</param>
public sealed record GradientSummary(IGradientEstimator Estimator, long Draws, IReadOnlyList<double> Mean, double Trace, double TraceError,
    double? SquaredBias, double? SquaredBiasError)
{
    /// <summary>log₁₀ of <see cref="Trace"/>; −∞ where nothing varies.</summary>
    public double Log10Trace => Math.Log10(Trace);

    /// <summary>Standard error of <see cref="Log10Trace"/>, to first order.</summary>
    public double Log10TraceError => TraceError / Trace / Math.Log(10);

    /// <summary>E‖g − r‖² = tr cov(g) + ‖E g − r‖²; null without a reference.</summary>
    public double? MeanSquaredError => Trace + SquaredBias;

    /// <summary>Standard error of <see cref="MeanSquaredError"/>, taking the two parts as independent (they are for normal draws).</summary>
    public double? MeanSquaredErrorError => SquaredBiasError is { } error ? Math.Sqrt(TraceError * TraceError + error * error) : null;

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var spread = FormattableString.Invariant($"{Estimator}: log10 trace {Log10Trace:F3} ± {Log10TraceError:F3}");
        return SquaredBias is null ? spread : spread + FormattableString.Invariant(
            $", squared bias {SquaredBias:G4} ± {SquaredBiasError:G2}, MSE {MeanSquaredError:G4} ± {MeanSquaredErrorError:G2} ({Draws} draws)");
    }
}
