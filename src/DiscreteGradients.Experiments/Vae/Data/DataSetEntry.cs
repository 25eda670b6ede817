namespace DiscreteGradients.Experiments.Vae;

/// <summary>A data set that has a name of its own.</summary>
/// <param name="Name">As the setting data takes it.</param>
/// <param name="Description">One line: what it is and where it is from.</param>
internal sealed record DataSetEntry(string Name, string Description);
