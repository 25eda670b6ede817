namespace DiscreteGradients.Experiments.Runs;

/// <summary>How a run, or a trial of a search, can end.</summary>
internal enum RunStatus
{
    /// <summary>Every step was done.</summary>
    Completed,

    /// <summary>The loss or a validation stopped being a finite number; as a trial it counts.</summary>
    Diverged,

    /// <summary>Left behind at a rung of successive halving.</summary>
    Pruned,

    /// <summary>The program could not run it, tried several times.</summary>
    Failed,
}
