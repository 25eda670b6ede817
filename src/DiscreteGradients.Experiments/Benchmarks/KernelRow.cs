namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>One workload with one K.</summary>
/// <param name="Workload">The shape of the logits.</param>
/// <param name="Samples">K.</param>
/// <param name="Fused">Milliseconds a pass with the fused kernel.</param>
/// <param name="Tensor">The same with tensor operations; null where their memory would pass the limit.</param>
/// <param name="Ratio">Tensor over fused, round by round; null as well.</param>
/// <param name="Exact">Milliseconds a pass without draws, K = ∞; null in records of before.</param>
public sealed record KernelRow(Workload Workload, int Samples, Quartiles Fused, Quartiles? Tensor, Quartiles? Ratio, Quartiles? Exact = null)
{
    /// <summary>Of the fused kernel, of each of K × rows × n.</summary>
    public double NanosecondsAnElement => Fused.Median * 1e6 / (Workload.Elements * (double)Samples);
}
