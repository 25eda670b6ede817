using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The marginals μ of subsets of k elements as a function of the logits: the backward pass is Cov(z) g.</summary>
internal sealed class SubsetMarginals : autograd.SingleTensorFunction<SubsetMarginals>
{
    public override string Name => nameof(SubsetMarginals);

    /// <summary>Computes μ, [..., n].</summary>
    /// <param name="logits">θ, [..., n], float64; −∞ leaves an element out.</param>
    /// <param name="size">k.</param>
    public static Tensor Of(Tensor logits, int size) =>
        is_grad_enabled() && logits.requires_grad ? apply(logits, size) : Rows(logits, size, sums => sums.Marginals());

    /// <summary>Computes something [B, n] of the sums of rows, in the shape of the logits.</summary>
    public static Tensor Rows(Tensor logits, int size, Func<SubsetSums, Tensor> function)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return function(new(logits.reshape(-1, logits.shape[^1]), size)).reshape(logits.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Computes Cov(z) g, of the shape of the logits.</summary>
    public static Tensor CovarianceProduct(Tensor logits, int size, Tensor gradient) =>
        Rows(logits, size, sums => sums.CovarianceProduct(gradient.reshape(-1, logits.shape[^1])));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([(Tensor)vars[0]]);
        ctx.save_data("size", vars[1]);
        return Rows((Tensor)vars[0], (int)vars[1], sums => sums.Marginals());
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardErrors.Guard(grad_output, 1, 2, () =>
        {
            var logits = ctx.get_saved_variables()[0];
            return [SecondDerivative.Refuse(CovarianceProduct(logits, (int)ctx.get_data("size"), grad_output), logits)];
        });
}
