namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Which weights of a run.</summary>
internal enum Weights
{
    /// <summary>Of the epoch with the best validation accuracy.</summary>
    Best,

    /// <summary>Of the last step.</summary>
    Last,
}
