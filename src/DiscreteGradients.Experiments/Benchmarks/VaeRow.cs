namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>One estimator in the training step of the VAE.</summary>
/// <param name="Arity">n.</param>
/// <param name="Estimator">Its name.</param>
/// <param name="Milliseconds">A step.</param>
/// <param name="Ratio">The time of a step over that of the first estimator's, round by round.</param>
public sealed record VaeRow(int Arity, EstimatorName Estimator, Quartiles Milliseconds, Quartiles Ratio)
{
    /// <summary>At the median.</summary>
    public double StepsPerSecond => 1e3 / Milliseconds.Median;
}
