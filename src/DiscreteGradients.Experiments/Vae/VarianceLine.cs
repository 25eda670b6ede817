namespace DiscreteGradients.Experiments.Vae;

/// <summary>Proposition 3, tr var[GR-MCK] = E var[ST-GS | D]/K + var[GR], fitted to each minibatch and averaged; so the
/// differences between minibatches, which the estimators share, are not in the errors of <see cref="Points"/>. Errors are over minibatches.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Conditional">E var[ST-GS | D], of one minibatch's gradient.</param>
/// <param name="Residual">var[GR]: what is left at K = ∞.</param>
/// <param name="Points">The measured traces beside the line.</param>
public sealed record VarianceLine(double Temperature, Estimate Conditional, Estimate Residual, IReadOnlyList<VarianceLine.Point> Points)
{
    /// <summary>One K.</summary>
    /// <param name="Samples">K.</param>
    /// <param name="Trace">Measured.</param>
    /// <param name="Line">Fitted.</param>
    /// <param name="Difference">Measured less fitted.</param>
    public sealed record Point(int Samples, double Trace, double Line, Estimate Difference);

    /// <summary>The line through traces of the same minibatches, each K weighted by 1/trace² (errors are proportional to
    /// traces).</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="traces">K and the trace of each minibatch; at least two K.</param>
    public static VarianceLine Fit(double temperature, IReadOnlyList<(int Samples, IReadOnlyList<double> Traces)> traces)
    {
        var points = traces.Select(trace => (X: 1.0 / trace.Samples, Weight: Math.Pow(trace.Traces.Average(), -2))).ToList();
        var (s, sx, sxx) = (points.Sum(p => p.Weight), points.Sum(p => p.Weight * p.X), points.Sum(p => p.Weight * p.X * p.X));
        var determinant = s * sxx - sx * sx;
        var (slopes, intercepts) = (new List<double>(), new List<double>());
        var differences = traces.Select(_ => new List<double>()).ToList();
        for (var minibatch = 0; minibatch < traces[0].Traces.Count; minibatch++)
        {
            var sy = points.Select((p, k) => p.Weight * traces[k].Traces[minibatch]).Sum();
            var sxy = points.Select((p, k) => p.Weight * p.X * traces[k].Traces[minibatch]).Sum();
            var (slope, intercept) = ((s * sxy - sx * sy) / determinant, (sxx * sy - sx * sxy) / determinant);
            slopes.Add(slope);
            intercepts.Add(intercept);
            for (var k = 0; k < points.Count; k++) differences[k].Add(traces[k].Traces[minibatch] - intercept - slope * points[k].X);
        }
        var (a, c) = (Estimate.Mean(slopes), Estimate.Mean(intercepts));
        return new(temperature, a, c, [.. traces.Select((trace, k) =>
            new Point(trace.Samples, trace.Traces.Average(), c.Value + a.Value * points[k].X, Estimate.Mean(differences[k])))]);
    }

}
