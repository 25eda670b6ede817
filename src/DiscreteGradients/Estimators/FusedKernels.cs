using DiscreteGradients.Torch;

namespace DiscreteGradients;

/// <summary>This is the setting of the fused kernels, which do the backward pass of <see cref="GumbelRao"/> and
/// <see cref="GumbelRaoExact"/> in float32 on the CPU.</summary>
/// <example>
/// <code>
/// FusedKernels.Threads = 1;                       // for example where many processes share a machine
/// </code>
/// </example>
public static class FusedKernels
{
    /// <summary>The most threads of one backward pass, for the whole process; by default every core. It does not follow
    /// <c>torch.set_num_threads</c>, so that libtorch may stay on one thread. The numbers do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static int Threads { get; set => field = Require.Threads(value); } = Environment.ProcessorCount;
}
