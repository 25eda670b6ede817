namespace DiscreteGradients.Experiments.Search;

/// <summary>The size of a trial.</summary>
/// <param name="Steps">In all.</param>
/// <param name="ValidationInterval">Steps between validations.</param>
internal sealed record TrialPlan(int Steps, int ValidationInterval);
