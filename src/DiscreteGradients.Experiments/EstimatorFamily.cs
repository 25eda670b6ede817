namespace DiscreteGradients.Experiments;

/// <summary>The kinds of estimator that have a name.</summary>
internal enum EstimatorFamily
{
    /// <summary>The score function, "reinforce".</summary>
    Reinforce,

    /// <summary>Straight-through, "st".</summary>
    StraightThrough,

    /// <summary>Gumbel-softmax, relaxed, "gs".</summary>
    GumbelSoftmax,

    /// <summary>Straight-through Gumbel-softmax, "st-gs".</summary>
    StraightThroughGumbelSoftmax,

    /// <summary>Gumbel-Rao by K draws, "gr-mc:K".</summary>
    GumbelRao,

    /// <summary>Gumbel-Rao by K Sobol' points, "gr-qmc:K": in recorded results only.</summary>
    GumbelRaoQuasi,

    /// <summary>Gumbel-Rao without draws, "gr".</summary>
    GumbelRaoExact,
}
