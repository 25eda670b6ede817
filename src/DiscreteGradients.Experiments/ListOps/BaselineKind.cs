namespace DiscreteGradients.Experiments.ListOps;

/// <summary>What REINFORCE subtracts from the cost.</summary>
public enum BaselineKind
{
    /// <summary>The running mean of the cost.</summary>
    RunningMean,

    /// <summary>The cost of the same expression under the model's own argmax parse: a second forward pass.</summary>
    SelfCritical,
}
