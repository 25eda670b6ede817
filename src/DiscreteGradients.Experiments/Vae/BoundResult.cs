namespace DiscreteGradients.Experiments.Vae;

/// <summary>The importance-weighted bound on the negative log-likelihood.</summary>
/// <param name="Bound">Nats an image, the mean over images: −L_M, an upper bound on −log p(x) in expectation.</param>
/// <param name="StandardError">Of the mean over images, nats.</param>
/// <param name="EffectiveSampleSize">(Σw)²/Σw² of the M weights, the mean over images.</param>
/// <param name="Samples">M.</param>
/// <param name="Images">How many.</param>
public sealed record BoundResult(double Bound, double StandardError, double EffectiveSampleSize, int Samples, int Images)
{
    /// <summary>The mean over images.</summary>
    /// <param name="bounds">L_M of each, nats.</param>
    /// <param name="effective">The effective sample size of each.</param>
    /// <param name="samples">M.</param>
    internal static BoundResult Of(double[] bounds, double[] effective, int samples)
    {
        var mean = Estimate.Mean(bounds);
        return new(-mean.Value, mean.Error, effective.Average(), samples, bounds.Length);
    }
}
