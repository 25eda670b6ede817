using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>The record of an evaluation, as it lies in a run's folder.</summary>
internal static class ListOpsEvaluation
{
    public static ListOpsAccuracy Make(Weights weights, double accuracy) => new()
    {
        Split = "test",
        Weights = weights,
        MaxLength = 10,
        Expressions = 100,
        Accuracy = accuracy,
        StandardError = 0.01,
        Loss = 1,
        BracketF1 = 0.4,
        LeftBranchingF1 = 0.8,
        RightBranchingF1 = 0.2,
        Lengths = [],
        Version = "1",
    };
}
