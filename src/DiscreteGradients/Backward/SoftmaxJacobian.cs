using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// Any constant forward; backward, the averaged softmax Jacobian (App. A): (1/(Kτ)) Σ_l (diag s^l − s^l s^lᵀ) g.
/// With D forward it is the modified backpropagation, with the mean softmax forward the S(θ) of a surrogate loss.
/// </summary>
internal sealed class SoftmaxJacobian : autograd.SingleTensorFunction<SoftmaxJacobian>
{
    public override string Name => nameof(SoftmaxJacobian);

    /// <param name="logits">θ, [..., n]: where the gradient goes. It sums to 0 in each row, so to go by way of log p would
    /// not change it.</param>
    /// <param name="value">[..., n], what the forward pass gives: a copy of it.</param>
    /// <param name="closed">[..., n], bool, or null: there the incoming gradient, infinite perhaps, is left out.</param>
    /// <param name="average">The draws.</param>
    /// <param name="constants">The tensors that <paramref name="average"/> asks for, without a gradient of their own.</param>
    public static Tensor Apply(Tensor logits, Tensor value, Tensor? closed, ISoftmaxAverage average, Tensor[] constants) =>
        apply([logits, value, closed!, average, .. constants]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        var closed = (Tensor?)vars[2];
        ctx.save_data("average", vars[3]);
        ctx.save_data("closed", closed is not null);
        ctx.save_data("arguments", vars.Length);
        var constants = vars.Skip(4).Cast<Tensor>();
        ctx.save_for_backward([(Tensor)vars[0], .. closed is null ? constants : constants.Prepend(closed)]);
        return ((Tensor)vars[1]).clone();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardErrors.Guard(grad_output, 1, (int)ctx.get_data("arguments"), () =>
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var closed = (bool)ctx.get_data("closed") ? saved[1] : null;
        Tensor product;
        using (no_grad())
        {
            var gradient = closed is null ? grad_output : grad_output.masked_fill(closed, Scalars.Zero);
            product = ((ISoftmaxAverage)ctx.get_data("average")).JacobianProduct([.. saved.Skip(closed is null ? 1 : 2)], gradient);
        }
        return [SecondDerivative.Refuse(product, saved[0]).MoveToOuterDisposeScope()];
    });
}
