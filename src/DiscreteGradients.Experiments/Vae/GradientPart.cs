namespace DiscreteGradients.Experiments.Vae;

/// <summary>A part of a study that is done: a block of minibatches, or, from all blocks of one estimator and temperature, the
/// inner products of their mean gradients.</summary>
public sealed record GradientPart
{
    /// <summary>tr var[∇ | minibatch] of each minibatch of the block, unbiased.</summary>
    public IReadOnlyList<double>? Traces { get; init; }

    /// <summary>Squared norm of each minibatch's mean over its passes.</summary>
    public IReadOnlyList<double>? SquaredMeans { get; init; }

    /// <summary>⟨m_i, m_j⟩ of the blocks' means, row by row.</summary>
    public IReadOnlyList<double>? Products { get; init; }

    /// <summary>⟨m_i, r_j⟩ with those of the reference, row by row.</summary>
    public IReadOnlyList<double>? ReferenceProducts { get; init; }
}
