using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>One model.</summary>
/// <param name="Architecture">Its networks.</param>
/// <param name="Arity">n.</param>
/// <param name="SecondsPer100Images">Of the bound.</param>
public sealed record IwaeRow(VaeArchitecture Architecture, int Arity, Quartiles SecondsPer100Images);
