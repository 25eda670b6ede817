using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>
/// Any constant forward; backward, the averaged softmax Jacobian (App. A): (1/(Kτ)) Σ_l (diag s^l − s^l s^lᵀ) g.
/// With D forward it is the modified backpropagation, with the mean softmax forward the S(θ) of a surrogate loss.
/// </summary>
internal sealed class SoftmaxJacobian : autograd.SingleTensorFunction<SoftmaxJacobian>
{
    public override string Name => nameof(SoftmaxJacobian);

    /// <param name="logits">θ, [..., n]: where the gradient goes. It sums to 0 in each row, so to go by way of log p would
    /// not change it.</param>
    /// <param name="logProbs">log p, [..., n], which depends on θ.</param>
    /// <param name="value">[..., n], what the forward pass gives.</param>
    /// <param name="mask">[..., n], bool, or null: outside it the incoming gradient, infinite perhaps, is left out.</param>
    /// <param name="average">The draws.</param>
    /// <param name="constants">The tensors that <paramref name="average"/> asks for.</param>
    public static Tensor Apply(Tensor logits, Tensor logProbs, Tensor value, Tensor? mask, ISoftmaxAverage average, Tensor[] constants) =>
        apply([logits, logProbs, value, mask!, average, .. constants]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var mask = (Tensor?)vars[3];
        ctx.save_data("average", vars[4]);
        ctx.save_data("masked", mask is not null);
        var constants = vars.Skip(5).Cast<Tensor>();
        ctx.save_for_backward([(Tensor)vars[1], .. mask is null ? constants : constants.Prepend(mask)]);
        return ((Tensor)vars[2]).alias();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => SecondDerivative.KeepPending(() =>
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var masked = (bool)ctx.get_data("masked");
        var constants = saved.Skip(masked ? 2 : 1).ToArray();
        Tensor product;
        using (no_grad())
        {
            var gradient = masked ? grad_output.masked_fill(saved[1].logical_not(), Scalars.Zero) : grad_output;
            product = ((ISoftmaxAverage)ctx.get_data("average")).JacobianProduct(constants, gradient);
        }
        var result = SecondDerivative.Refuse(product, saved[0]).MoveToOuterDisposeScope();
        return [result, .. Enumerable.Repeat<Tensor>(null!, 4 + constants.Length)];
    });
}
