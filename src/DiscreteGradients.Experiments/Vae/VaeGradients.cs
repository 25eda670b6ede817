using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The gradient of the training objective with respect to the inference network.</summary>
internal static class VaeGradients
{
    private const ulong OrderPart = 0, NoisePart = 1;   // of the seed

    /// <summary>The Monte-Carlo variance of an estimator (App. D.2): the mean over minibatches of tr var[∇ | minibatch], each
    /// from independent forward passes.</summary>
    /// <param name="model">At any point of its training; not changed.</param>
    /// <param name="images">Minibatches are drawn from these.</param>
    /// <param name="estimator">A relaxing estimator or REINFORCE, the latter with the mean of the other examples as
    /// baseline.</param>
    /// <param name="batchSize">Images a minibatch.</param>
    /// <param name="minibatches">Minibatches, at least 2.</param>
    /// <param name="passes">Independent forward passes of each, at least 2.</param>
    /// <param name="seed">Equal seeds: the same minibatches for every estimator.</param>
    public static GradientVariance MonteCarloVariance(VaeModel model, BinaryImages images, IGradientEstimator estimator,
        int batchSize, int minibatches, int passes, ulong seed)
    {
        var order = new SampleOrder(images.Count, Seeds.Derive(seed, OrderPart));
        using var generator = new Generator(Seeds.Derive(seed, NoisePart));
        var indices = new int[batchSize];
        var traces = new double[minibatches];
        for (var minibatch = 0; minibatch < minibatches; minibatch++)
        {
            using var scope = NewDisposeScope();
            order.Fill(minibatch, indices);
            var batch = images.Batch(indices);
            using var pass = new EncoderPass(model, batch);
            (traces[minibatch], _) = pass.Moments(pass.Draw(estimator, passes, generator));
        }
        var mean = Estimate.Mean(traces);
        return new(mean.Value, mean.Error, minibatches, passes) { Traces = traces };
    }
}

/// <summary>The trace tr var[∇ | minibatch], the mean over minibatches.</summary>
/// <param name="Trace">In squared nats a parameter unit, summed over parameters.</param>
/// <param name="StandardError">Standard error of the mean over minibatches.</param>
/// <param name="Passes">Forward passes of each.</param>
internal sealed record GradientVariance(double Trace, double StandardError, int Minibatches, int Passes)
{
    /// <summary>The trace of each minibatch; null in lines of before.</summary>
    public IReadOnlyList<double>? Traces { get; init; }

    /// <summary>The trace with its error.</summary>
    [JsonIgnore]
    public Estimate Value => new(Trace, StandardError);

    /// <summary>The base-10 logarithm of the trace, as the paper's figures show it.</summary>
    [JsonIgnore]
    public Estimate? Log10Trace => Value.Log10;
}
