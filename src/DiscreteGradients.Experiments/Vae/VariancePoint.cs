namespace DiscreteGradients.Experiments.Vae;

/// <summary>The variance of the gradient at a step.</summary>
public sealed record VariancePoint(int Step, GradientVariance Variance);
