using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>
/// One forward pass of the inference network over a minibatch, shared by any number of gradients. The network is
/// deterministic, so the gradient with respect to its parameters is linear in that with respect to its logits: the norms and
/// means of many passes follow from the latter, without one parameter gradient a pass.
/// </summary>
/// <remarks>A layer's weight gradient is DᵀH with D [B, out] the gradient behind the layer and H [B, in] its input, so
/// ‖DᵀH‖² = ⟨DDᵀ, HHᵀ⟩: two B × B matrices instead of an out × in one. With the bias, ⟨DDᵀ, HHᵀ + 1⟩.</remarks>
internal sealed class EncoderPass : IDisposable
{
    private const int RowsAtOnce = 400;     // of the decoder: large enough for its matrix products, small enough for the cache
    private readonly VaeModel model;
    private readonly Tensor batch;
    private readonly Tensor[] inputs;       // of each layer, [B, in]
    private readonly Tensor[] overlaps;     // H Hᵀ + 1 of each layer, [B, B]

    /// <param name="model">Not to be changed meanwhile.</param>
    /// <param name="batch">x, [B, 784]; it remains the caller's.</param>
    public EncoderPass(VaeModel model, Tensor batch)
    {
        (this.model, this.batch) = (model.Detached(), batch);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var values = model.EncoderValues(batch);
        inputs = values[..^1];
        overlaps = [.. inputs.Select(input => input.matmul(input.t()).Accumulate(Scalars.One))];
        Logits = values[^1].reshape(-1, model.Settings.Variables, model.Settings.Arity);
        foreach (var kept in inputs.Concat(overlaps).Append(Logits)) kept.MoveToOuterDisposeScope();
    }

    /// <summary>The logits θ, [B, V, n].</summary>
    public Tensor Logits { get; }

    /// <summary>Gradients of independent passes of the mean cost of the minibatch, with respect to the logits, [P, B,
    /// V·n].</summary>
    /// <param name="estimator">REINFORCE has the mean of the other examples as baseline.</param>
    /// <param name="passes">P.</param>
    /// <param name="generator">Generator of the noise.</param>
    public Tensor Draw(IGradientEstimator estimator, int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        return cat([.. Chunks(passes).Select(count => Chunk(estimator, count, generator))]).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the passes of REINFORCE with the mean cost of an image's other passes as baseline, [B, V·n]:
    /// unbiased, and with far less variance than any baseline that does not know the image.</summary>
    public Tensor Reference(int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (costs, values) = (new List<Tensor>(), new List<Tensor>());
        using (no_grad())
        {
            foreach (var count in Chunks(passes))
            {
                var distribution = new OneHotCategorical(Expand(Logits, count));
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
        return score.Accumulate(Direct(cat(values).mean([0]))).div_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over the passes of the local expectation, [B, V·n]: for each variable exact given the others; unbiased,
    /// with far less variance than REINFORCE.</summary>
    public Tensor LocalReference(int passes, Generator generator)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var local = new LocalCosts(model);
        using Scalar scale = batch.shape[0], count = passes;
        var distribution = new OneHotCategorical(Logits);
        var (sum, values) = (zeros_like(Logits), zeros_like(Logits));
        for (var pass = 0; pass < passes; pass++)
        {
            using var inner = NewDisposeScope();
            var value = distribution.Sample(generator);
            sum.Accumulate(local.Of(batch, value));
            values.Accumulate(value);
        }
        var costs = sum.div_(count);
        // What the cost has in each variable alone, with weight 1 in the category.
        if (model.Settings.LogRatio == LogRatio.Sampled)
            costs.Accumulate(distribution.Normalised - model.PriorDistribution().Normalised);
        var probs = distribution.Probs;
        var gradient = probs * (costs - (probs * costs).sum(-1, keepdim: true));
        return gradient.reshape(batch.shape[0], -1).Accumulate(Direct(values.div_(count).reshape(batch.shape[0], -1))).div_(scale)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Computes the squared norm ‖∇‖² of the gradient with respect to the inference network, one a pass.</summary>
    /// <param name="gradient">With respect to the logits, [P, B, V·n].</param>
    /// <returns>[P], float64.</returns>
    public Tensor SquaredNorms(Tensor gradient)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var total = zeros(gradient.shape[0], dtype: ScalarType.Float64);
        foreach (var (layer, behind) in model.Encoder.Backward(gradient, inputs))
            total.Accumulate(behind.matmul(behind.transpose(1, 2)).mul_(overlaps[layer]).sum([1, 2]).to(ScalarType.Float64));
        return total.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the gradient ∇ with respect to the inference network, flat, in the order of
    /// <see cref="VaeModel.InferenceParameters"/>.</summary>
    /// <param name="gradient">With respect to the logits, [B, V·n].</param>
    public Tensor Flat(Tensor gradient)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var parts = model.Encoder.Backward(gradient.unsqueeze(0), inputs).Reverse().SelectMany(step => new[]
        {
            step.Gradient[0].t().matmul(inputs[step.Layer]).reshape(-1),
            step.Gradient[0].sum(dim: 0),
        });
        return cat([.. parts]).MoveToOuterDisposeScope();
    }

    /// <summary>Computes tr var[∇ | minibatch], unbiased, and the mean of the passes with respect to the logits,
    /// [B, V·n].</summary>
    /// <param name="gradients">With respect to the logits, [P, B, V·n]; used up.</param>
    public (double Trace, Tensor Mean) Moments(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        var mean = gradients.mean([0]);
        var squares = SquaredNorms(gradients.sub_(mean)).sum().item<double>();
        return (squares / (gradients.shape[0] - 1), mean.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var kept in inputs.Concat(overlaps).Append(Logits)) kept.Dispose();
        model.Dispose();
    }

    /// <summary>The direct derivative of the summed cost; linear in the value, so that the mean value is enough.</summary>
    private Tensor Direct(Tensor mean)
    {
        using var _ = enable_grad();
        var logits = Logits.detach().clone().requires_grad_();
        var cost = model.Cost(batch, new OneHotCategorical(logits), mean.reshape(Logits.shape)).sum();
        return autograd.grad([cost], [logits])[0].reshape(mean.shape);
    }

    private Tensor Chunk(IGradientEstimator estimator, int passes, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var logits = Expand(Logits, passes).requires_grad_();
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

    /// <summary>Repeats a tensor, [B, ...], to [count · B, ...], pass after pass.</summary>
    private static Tensor Expand(Tensor tensor, int count) =>
        tensor.detach().unsqueeze(0).expand([count, .. tensor.shape]).reshape([-1, .. tensor.shape[1..]]).clone();

    private IEnumerable<int> Chunks(int passes)
    {
        var most = (int)Math.Max(1, RowsAtOnce / batch.shape[0]);
        for (var done = 0; done < passes; done += most) yield return Math.Min(most, passes - done);
    }
}
