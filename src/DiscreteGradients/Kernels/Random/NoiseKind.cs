namespace DiscreteGradients.Kernels;

/// <summary>The dependence of the K conditional draws on each other. Each alone has the same law.</summary>
internal enum NoiseKind
{
    /// <summary>The draws are independent.</summary>
    Independent,

    /// <summary>The draws come in pairs from u and 1 − u.</summary>
    Antithetic,
}
