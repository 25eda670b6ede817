using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.Search;

/// <summary>What a worker does with a trial.</summary>
public enum Activity
{
    /// <summary>Trains.</summary>
    Training,

    /// <summary>Evaluates the bound of a VAE on the validation set.</summary>
    [JsonStringEnumMemberName("valid bound")]
    ValidBound,

    /// <summary>Evaluates the bound of a VAE on the test set.</summary>
    [JsonStringEnumMemberName("test bound")]
    TestBound,

    /// <summary>Evaluates the accuracy on the validation set of ListOps.</summary>
    [JsonStringEnumMemberName("valid accuracy")]
    ValidAccuracy,

    /// <summary>Evaluates the accuracy on the test set of ListOps.</summary>
    [JsonStringEnumMemberName("test accuracy")]
    TestAccuracy,
}
