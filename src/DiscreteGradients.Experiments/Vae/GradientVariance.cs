using System.Text.Json.Serialization;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>tr var[∇ | minibatch], the mean over minibatches.</summary>
/// <param name="Trace">In squared nats a parameter unit, summed over parameters.</param>
/// <param name="StandardError">Of the mean over minibatches.</param>
/// <param name="Minibatches">How many.</param>
/// <param name="Passes">Of each.</param>
public sealed record GradientVariance(double Trace, double StandardError, int Minibatches, int Passes)
{
    /// <summary>log₁₀ of the trace, as the paper's figures show it.</summary>
    [JsonIgnore]
    public Estimate? Log10Trace => new Estimate(Trace, StandardError).Log10;
}
