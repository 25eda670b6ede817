using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>One estimator of a comparison.</summary>
/// <param name="Estimator">Its name.</param>
/// <param name="Status">How its training ended.</param>
/// <param name="Variances">Along its training.</param>
/// <param name="Losses">The training objective, mean of each 100 steps, nats.</param>
/// <param name="Bound">On validation images at the end; null if it diverged.</param>
public sealed record ComparisonRow(EstimatorName Estimator, RunStatus Status, IReadOnlyList<VariancePoint> Variances, IReadOnlyList<LossPoint> Losses, BoundResult? Bound);
