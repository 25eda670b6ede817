namespace DiscreteGradients.Kernels;

/// <summary>How the K conditional draws depend on each other; each alone has the same law.</summary>
internal enum NoiseKind
{
    /// <summary>Not at all.</summary>
    Independent,

    /// <summary>In pairs from u and 1 − u.</summary>
    Antithetic,
}
