using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The function whose forward pass gives any constant and whose backward pass maps the gradient linearly to the logits
/// (App. A). With D forward it is the modified backpropagation, with a relaxation forward the S(θ) of a surrogate loss.
/// </summary>
internal static class MappedGradient
{
    /// <summary>Gives a copy of the value whose gradient goes to the logits by a linear map.</summary>
    /// <param name="logits">The logits θ, [..., n], which get the gradient. It sums to 0 in each row, so that the way by log
    /// p would not change it.</param>
    /// <param name="value">The value of the forward pass, [..., n].</param>
    /// <param name="masked">The categories at which the incoming gradient, infinite perhaps, is left out, [..., n], bool; or
    /// null.</param>
    /// <param name="map">The map.</param>
    /// <param name="constants">The tensors that <paramref name="map"/> asks for, without a gradient of their own.</param>
    public static Tensor Apply(Tensor logits, Tensor value, Tensor? masked, IGradientMap map, Tensor[] constants)
    {
        Tensor[] kept = masked is null ? [logits, .. constants] : [logits, masked, .. constants];
        return Function.Apply([logits], () => (value.clone(), kept), ToLogits(map, masked is not null));
    }

    // Apart from the forward pass, so that the graph holds no more than the map.
    private static Func<Tensor, IReadOnlyList<Tensor>, IEnumerable<Tensor?>> ToLogits(IGradientMap map, bool isMasked) =>
        (gradient, kept) =>
        {
            using var scope = NewDisposeScope();
            Tensor product;
            using (no_grad())
            {
                if (isMasked) gradient = gradient.masked_fill(kept[1], Scalars.Zero);
                product = map.Product([.. kept.Skip(isMasked ? 2 : 1)], gradient);
            }
            return [SecondDerivative.Refuse(product, kept[0]).MoveToOuterDisposeScope()];
        };
}
