using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The function whose forward pass gives any constant and whose backward pass maps the gradient linearly to the logits
/// (App. A). With D forward it is the modified backpropagation, with a relaxation forward the S(θ) of a surrogate loss.
/// </summary>
internal sealed class MappedGradient : autograd.SingleTensorFunction<MappedGradient>
{
    public override string Name => nameof(MappedGradient);

    /// <summary>Gives a copy of the value whose gradient goes to the logits by a linear map.</summary>
    /// <param name="logits">The logits θ, [..., n], which get the gradient. It sums to 0 in each row, so that the way by log
    /// p would not change it.</param>
    /// <param name="value">The value of the forward pass, [..., n].</param>
    /// <param name="masked">The categories at which the incoming gradient, infinite perhaps, is left out, [..., n], bool; or
    /// null.</param>
    /// <param name="map">The map.</param>
    /// <param name="constants">The tensors that <paramref name="map"/> asks for, without a gradient of their own.</param>
    public static Tensor Apply(Tensor logits, Tensor value, Tensor? masked, IGradientMap map, Tensor[] constants) =>
        apply([logits, value, masked!, map, .. constants]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(false);
        var masked = (Tensor?)vars[2];
        ctx.save_data("map", vars[3]);
        ctx.save_data("masked", masked is not null);
        ctx.save_data("arguments", vars.Length);
        var constants = vars.Skip(4).Cast<Tensor>();
        ctx.save_for_backward([(Tensor)vars[0], .. masked is null ? constants : constants.Prepend(masked)]);
        return ((Tensor)vars[1]).clone();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardErrors.Guard(grad_output, 1, (int)ctx.get_data("arguments"), () => [ToLogits(ctx, grad_output)]);

    private static Tensor ToLogits(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var map = (IGradientMap)ctx.get_data("map");
        var saved = ctx.get_saved_variables();
        var masked = (bool)ctx.get_data("masked") ? saved[1] : null;
        Tensor product;
        using (no_grad())
        {
            var gradient = masked is null ? grad_output : grad_output.masked_fill(masked, Scalars.Zero);
            product = map.Product([.. saved.Skip(masked is null ? 1 : 2)], gradient);
        }
        return SecondDerivative.Refuse(product, saved[0]).MoveToOuterDisposeScope();
    }
}
