using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Gradients of many independent passes over one minibatch, with respect to the logits.</summary>
/// <param name="model">Not to be changed meanwhile.</param>
internal sealed class PassGradients(VaeModel model)
{
    private const int RowsAtOnce = 400;     // of the decoder: large enough for its matrix products, small enough for the cache

    /// <summary>[P, B, V·n], of the mean cost of the minibatch.</summary>
    /// <param name="pass">The encoder's forward pass.</param>
    /// <param name="batch">x, [B, 784].</param>
    /// <param name="estimator">REINFORCE has the mean of the other examples as baseline.</param>
    /// <param name="passes">P.</param>
    /// <param name="generator">Of the noise.</param>
    public Tensor Of(EncoderPass pass, Tensor batch, IGradientEstimator estimator, int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        return cat([.. Chunks(passes, batch).Select(count => Chunk(pass, batch, estimator, count, generator))]).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the passes of REINFORCE with the mean cost of an image's other passes as baseline, [B, V·n]:
    /// unbiased, and with far less variance than any baseline that does not know the image.</summary>
    public Tensor Reference(EncoderPass pass, Tensor batch, int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (costs, values) = (new List<Tensor>(), new List<Tensor>());
        Tensor direct;
        using (no_grad())
        {
            foreach (var count in Chunks(passes, batch))
            {
                var distribution = new OneHotCategorical(Expand(pass.Logits, count));
                var value = distribution.Sample(generator);
                costs.Add(model.Cost(Expand(batch, count), distribution, value).reshape(count, -1));
                values.Add(value.reshape(count, batch.shape[0], -1));
            }
        }
        var cost = cat(costs).to(ScalarType.Float64);                                        // [P, B]
        // Σ_p (f_p − mean of the others)(D_p − π)/P; the π part sums to 0.
        using Scalar others = passes - 1, scale = batch.shape[0];
        var advantage = (cost - cost.mean([0], keepdim: true)).div_(others).to(ScalarType.Float32);
        var offset = 0L;
        var score = zeros_like(values[0][0]);
        foreach (var value in values)
        {
            score.Accumulate((value * advantage.slice(0, offset, offset + value.shape[0], 1).unsqueeze(-1)).sum(dim: 0));
            offset += value.shape[0];
        }
        direct = Direct(pass, batch, cat(values).mean([0]));
        return score.Accumulate(direct).div_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The direct derivative of the summed cost; linear in the value, so that the mean value is enough.</summary>
    private Tensor Direct(EncoderPass pass, Tensor batch, Tensor mean)
    {
        using var _ = enable_grad();
        var logits = pass.Logits.detach().clone().requires_grad_();
        var cost = model.Cost(batch, new OneHotCategorical(logits), mean.reshape(pass.Logits.shape)).sum();
        return autograd.grad([cost], [logits])[0].reshape(mean.shape);
    }

    private Tensor Chunk(EncoderPass pass, Tensor batch, IGradientEstimator estimator, int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var logits = Expand(pass.Logits, passes).requires_grad_();
        var distribution = new OneHotCategorical(logits);
        var node = estimator.Sample(distribution, generator);
        var cost = model.Cost(Expand(batch, passes), distribution, node.Value);
        using Scalar size = batch.shape[0], others = Math.Max(1, batch.shape[0] - 1);
        Tensor? baseline = null;
        if (node.Score is not null)
        {
            var each = cost.detach().reshape(passes, -1);
            baseline = batch.shape[0] == 1 ? zeros_like(cost) : (each.sum(1, keepdim: true) - each).div_(others).reshape(-1);
        }
        var loss = SurrogateLoss.Parallel(cost, [node], baseline).sum() / size;
        return autograd.grad([loss], [logits])[0].reshape(passes, batch.shape[0], -1).MoveToOuterDisposeScope();
    }

    /// <summary>[count · B, ...], pass after pass.</summary>
    private static Tensor Expand(Tensor tensor, int count) => tensor.detach().unsqueeze(0).expand([count, .. tensor.shape]).reshape([-1, .. tensor.shape[1..]]).clone();

    private static IEnumerable<int> Chunks(int passes, Tensor batch)
    {
        var most = (int)Math.Max(1, RowsAtOnce / batch.shape[0]);
        for (var done = 0; done < passes; done += most) yield return Math.Min(most, passes - done);
    }
}
