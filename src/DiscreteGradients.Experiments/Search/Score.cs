namespace DiscreteGradients.Experiments.Search;

/// <summary>A model's result on a split.</summary>
/// <param name="Value">A bound in nats, or an accuracy in percent.</param>
/// <param name="StandardError">Over the examples, in the same unit.</param>
/// <param name="Samples">M of a bound; 1 for an accuracy.</param>
/// <param name="Examples">How many.</param>
internal sealed record Score(double Value, double StandardError, int Samples, int Examples);
