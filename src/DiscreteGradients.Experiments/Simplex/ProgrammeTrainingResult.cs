using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Simplex;

/// <summary>How an optimisation ended.</summary>
/// <param name="Status">How the optimisation ended.</param>
/// <param name="Steps">Done.</param>
/// <param name="Loss">Mean cost of the last logged steps; null if it is no number.</param>
/// <param name="Objective">Exactly, at the last logged point.</param>
/// <param name="Probabilities">p there, [V·n].</param>
/// <param name="Version">Of the program, with the commit.</param>
public sealed record ProgrammeTrainingResult(RunStatus Status, int Steps, double? Loss, double? Objective, IReadOnlyList<double>? Probabilities, string Version)
{
    /// <summary>Whether the loss stopped being a number.</summary>
    [JsonIgnore]
    public bool HasDiverged => Status == RunStatus.Diverged;
}
