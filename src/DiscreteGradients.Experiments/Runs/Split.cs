namespace DiscreteGradients.Experiments.Runs;

/// <summary>The part of a data set that a model is evaluated on.</summary>
internal enum Split
{
    /// <summary>Reported.</summary>
    Test,

    /// <summary>Settings are chosen on it.</summary>
    Valid,
}
