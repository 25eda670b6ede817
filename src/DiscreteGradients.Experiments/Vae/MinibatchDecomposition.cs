namespace DiscreteGradients.Experiments.Vae;

/// <summary>Proposition 3, tr var[GR-MCK] = E var[ST-GS | D]/K + var[GR], for each minibatch, averaged; so the differences between
/// minibatches, which the estimators share, are not in the errors of <see cref="Points"/>. Errors are over minibatches.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Conditional">E var[ST-GS | D], of one minibatch's gradient.</param>
/// <param name="Residual">var[GR]: what is left at K = ∞.</param>
/// <param name="Points">The measured traces beside the line.</param>
internal sealed record MinibatchDecomposition(
    double Temperature, Estimate Conditional, Estimate Residual, IReadOnlyList<MinibatchDecomposition.Point> Points)
{
    /// <summary>The trace at one K.</summary>
    /// <param name="Samples">K.</param>
    /// <param name="Trace">The trace as measured.</param>
    /// <param name="Line">The trace as fitted.</param>
    /// <param name="Difference">Measured less fitted.</param>
    public sealed record Point(int Samples, double Trace, double Line, Estimate Difference);

    /// <summary>The decomposition of traces of the same minibatches, each K weighted by 1/trace², as errors are proportional to
    /// traces.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="traces">K and the trace of each minibatch; at least two K. Their means are finite and above 0.</param>
    internal static MinibatchDecomposition Fit(double temperature, IReadOnlyList<(int Samples, IReadOnlyList<double> Traces)> traces)
    {
        var means = traces.Select(one => one.Traces.Average()).ToList();
        var fits = traces[0].Traces.Select((_, minibatch) => VarianceDecomposition.Fit(
            [.. traces.Zip(means, (one, mean) => (one.Samples, new Estimate(one.Traces[minibatch], mean)))])).ToList();
        var conditional = Estimate.Mean([.. fits.Select(fit => fit.Conditional.Value)]);
        var residual = Estimate.Mean([.. fits.Select(fit => fit.Residual.Value)]);
        return new(temperature, conditional, residual, [.. traces.Zip(means, (one, mean) => new Point(
            one.Samples, mean, residual.Value + conditional.Value / one.Samples,
            Estimate.Mean([.. one.Traces.Zip(fits, (trace, fit) => trace - fit.Trace(one.Samples))])))]);
    }
}
