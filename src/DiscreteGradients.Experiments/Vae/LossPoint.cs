namespace DiscreteGradients.Experiments.Vae;

/// <summary>The training objective at a step, nats.</summary>
public sealed record LossPoint(int Step, double Loss);
