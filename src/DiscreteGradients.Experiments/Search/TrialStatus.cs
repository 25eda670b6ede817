namespace DiscreteGradients.Experiments.Search;

/// <summary>How a trial can end.</summary>
public enum TrialStatus
{
    /// <summary>Trained to the last step and validated.</summary>
    Completed,

    /// <summary>Its loss stopped being a number; it counts as a trial.</summary>
    Diverged,

    /// <summary>Left behind at a rung of successive halving.</summary>
    Pruned,

    /// <summary>The program could not run it, tried several times.</summary>
    Failed,
}
