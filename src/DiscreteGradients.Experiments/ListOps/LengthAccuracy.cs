namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The expressions of one length.</summary>
/// <param name="Length">Tokens.</param>
/// <param name="Expressions">How many.</param>
/// <param name="Accuracy">0 to 1.</param>
/// <param name="BracketF1">Mean over expressions, 0 to 1.</param>
internal sealed record LengthAccuracy(int Length, int Expressions, double Accuracy, double BracketF1);
