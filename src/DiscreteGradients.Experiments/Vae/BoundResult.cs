namespace DiscreteGradients.Experiments.Vae;

/// <summary>The importance-weighted bound on the negative log-likelihood.</summary>
/// <param name="Bound">Nats an image, the mean over images: −L_M, an upper bound on −log p(x) in expectation.</param>
/// <param name="StandardError">Of the mean over images, nats.</param>
/// <param name="EffectiveSampleSize">(Σw)²/Σw² of the M weights, the mean over images.</param>
/// <param name="Samples">M.</param>
/// <param name="Images">How many.</param>
public sealed record BoundResult(double Bound, double StandardError, double EffectiveSampleSize, int Samples, int Images);
