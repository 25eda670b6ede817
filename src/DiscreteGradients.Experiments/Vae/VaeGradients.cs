using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Draws of the gradient of the training objective with respect to the inference network.</summary>
public static class VaeGradients
{
    /// <summary>
    /// The Monte-Carlo variance of an estimator (App. D.2): the mean over minibatches of tr var[∇ | minibatch], each from
    /// independent forward passes.
    /// </summary>
    /// <param name="model">At any point of its training; not changed.</param>
    /// <param name="images">Minibatches are drawn from these.</param>
    /// <param name="estimator">A relaxing estimator or REINFORCE, the latter with the mean of the other examples as baseline.</param>
    /// <param name="batchSize">Images a minibatch.</param>
    /// <param name="minibatches">How many minibatches, at least 2.</param>
    /// <param name="passes">Independent forward passes of each, at least 2.</param>
    /// <param name="seed">Equal seeds: the same minibatches for every estimator.</param>
    public static GradientVariance MonteCarloVariance(VaeModel model, BinaryImages images, IGradientEstimator estimator,
        int batchSize, int minibatches, int passes, ulong seed)
    {
        var order = new SampleOrder(images.Count, Seeds.Derive(seed, 0));
        using var generator = new Generator(Seeds.Derive(seed, 1));
        var parameters = model.InferenceParameters.ToArray();
        var indices = new int[batchSize];
        var traces = new double[minibatches];
        for (var minibatch = 0; minibatch < minibatches; minibatch++)
        {
            order.Fill(minibatch, indices);
            using var batch = images.Batch(indices);
            using var statistics = new GradientStatistics(parameters.Sum(parameter => parameter.numel()));
            for (var pass = 0; pass < passes; pass++)
            {
                using var scope = NewDisposeScope();
                statistics.Add(Draw(model, batch, estimator, parameters, generator));
            }
            traces[minibatch] = statistics.TraceOfCovariance;
        }
        var mean = traces.Average();
        var spread = traces.Sum(trace => (trace - mean) * (trace - mean)) / (minibatches - 1);
        return new(mean, Math.Sqrt(spread / minibatches), minibatches, passes);
    }

    private static Tensor Draw(VaeModel model, Tensor batch, IGradientEstimator estimator, Tensor[] parameters, Generator generator)
    {
        var posterior = model.Encode(batch);
        var node = estimator.Sample(posterior, generator);
        var cost = model.Cost(batch, posterior, node.Value);
        var baseline = node.Score is null ? null : new MovingAverageBaseline(0).Next(cost.detach());
        var loss = SurrogateLoss.Parallel(cost, [node], baseline).mean();
        return cat([.. autograd.grad([loss], parameters).Select(gradient => gradient.reshape(-1))]);
    }
}
