namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Which expressions make a batch.</summary>
public enum Batching
{
    /// <summary>Expressions of (nearly) one length: little is padded.</summary>
    Buckets,

    /// <summary>Any expressions, the shorter ones padded, as in the code that the paper builds on.</summary>
    Shuffled,
}
