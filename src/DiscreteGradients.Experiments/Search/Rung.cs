namespace DiscreteGradients.Experiments.Search;

/// <summary>Where a trial stood at a rung of successive halving: its rung-STEPS.json.</summary>
/// <param name="Validation">The validation while training.</param>
internal sealed record Rung(double Validation)
{
    /// <summary>Its file in the trial's folder.</summary>
    public static string FileName(int steps) => Invariant($"rung-{steps}.json");
}
