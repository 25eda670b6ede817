namespace DiscreteGradients.Experiments.Vae;

/// <summary>Proposition 3, tr var[GR-MCK] = E var[ST-GS | D]/K + var[GR], fitted to each minibatch and averaged; so the
/// differences between minibatches, which the estimators share, are not in the errors of <see cref="Points"/>.</summary>
/// <param name="Temperature">τ.</param>
/// <param name="Conditional">E var[ST-GS | D], of one minibatch's gradient.</param>
/// <param name="ConditionalError">Standard error over minibatches.</param>
/// <param name="Residual">var[GR]: what is left at K = ∞.</param>
/// <param name="ResidualError">Standard error over minibatches.</param>
/// <param name="Points">The measured traces beside the line.</param>
public sealed record VarianceLine(double Temperature, double Conditional, double ConditionalError, double Residual, double ResidualError, IReadOnlyList<VarianceLine.Point> Points)
{
    /// <summary>One K.</summary>
    /// <param name="Samples">K.</param>
    /// <param name="Trace">Measured.</param>
    /// <param name="Line">Fitted.</param>
    /// <param name="Difference">Measured less fitted.</param>
    /// <param name="DifferenceError">Standard error over minibatches.</param>
    public sealed record Point(int Samples, double Trace, double Line, double Difference, double DifferenceError);

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
        var (a, aError) = MeanAndError(slopes);
        var (c, cError) = MeanAndError(intercepts);
        return new(temperature, a, aError, c, cError, [.. traces.Select((trace, k) =>
        {
            var (difference, error) = MeanAndError(differences[k]);
            return new Point(trace.Samples, trace.Traces.Average(), c + a * points[k].X, difference, error);
        })]);
    }

    /// <summary>Of independent values: the mean and its standard error.</summary>
    internal static (double Mean, double Error) MeanAndError(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1.0) / values.Count));
    }
}
