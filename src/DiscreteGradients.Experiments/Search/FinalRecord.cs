namespace DiscreteGradients.Experiments.Search;

/// <summary>What is reported of a selected trial: its final.json.</summary>
/// <param name="Validation">On the validation set, with the reported effort.</param>
/// <param name="Test">On the test set.</param>
/// <param name="Version">Of the program, with the commit.</param>
internal sealed record FinalRecord(Score Validation, Score Test, string Version);
