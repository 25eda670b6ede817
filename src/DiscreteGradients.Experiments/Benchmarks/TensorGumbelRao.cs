using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>GR-MCK as a user of tensor operations writes it: K draws of θ + G given D as [K, ..., n] tensors, all at once.
/// What <see cref="GumbelRao"/> is measured against; the law is the same, the random numbers are not.</summary>
internal sealed record TensorGumbelRao(int Samples, double Temperature) : IGradientEstimator
{
    /// <summary>The number of tensors of K·rows·n elements that are alive at the peak.</summary>
    public const int LiveTensors = 4;

    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        Tensor value;
        using (no_grad())
        {
            var noise = empty_like(distribution.Normalised).exponential_(1.0, generator);
            var winner = (distribution.Normalised - noise.log()).argmax(-1);
            value = nn.functional.one_hot(winner, distribution.Normalised.shape[^1]).to(distribution.Normalised.dtype);
        }
        var node = Backward.Apply(distribution.Normalised, value, this, generator);
        return StochasticNode.Attached(node.MoveToOuterDisposeScope());
    }

    /// <summary>Draws of softmax_τ(θ + G) given D, [K, ..., n].</summary>
    private Tensor Draws(Tensor logProbs, Tensor value, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using Scalar temperature = Temperature;
        var noise = empty([Samples, .. logProbs.shape], dtype: logProbs.dtype).exponential_(1.0, generator);   // [K, ..., n]
        var top = (noise * value).sum(-1, keepdim: true);                                                      // [K, ..., 1]
        var perturbed = where(value > Scalars.Zero, -top.log(), -(noise / logProbs.exp()).Plus(top).log());
        return perturbed.div(temperature).softmax(-1).MoveToOuterDisposeScope();
    }

    private sealed class Backward : autograd.SingleTensorFunction<Backward>
    {
        public override string Name => nameof(TensorGumbelRao);

        public static Tensor Apply(Tensor logProbs, Tensor value, TensorGumbelRao estimator, Generator? generator) =>
            apply(logProbs, value, estimator, generator!);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0], (Tensor)vars[1]]);
            ctx.save_data("estimator", vars[2]);
            ctx.save_data("generator", vars[3]);
            return ((Tensor)vars[1]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var saved = ctx.get_saved_variables();
            var estimator = (TensorGumbelRao)ctx.get_data("estimator");
            var soft = estimator.Draws(saved[0], saved[1], (Generator?)ctx.get_data("generator"));             // [K, ..., n]
            var weighted = soft * grad_output;
            var product = weighted - soft * weighted.sum(-1, keepdim: true);
            using Scalar temperature = estimator.Temperature;
            return [product.mean([0]).div(temperature).MoveToOuterDisposeScope(), null!, null!, null!];
        }
    }
}
