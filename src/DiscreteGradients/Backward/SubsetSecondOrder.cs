using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The map (1 − λ/2) Cov(z) g + (λ/2)⟨g, d⟩d with d = z − μ of subsets of k elements. Constants: [θ in float64, z,
/// μ].</summary>
/// <param name="Size">k.</param>
/// <param name="Weight">λ.</param>
internal sealed record SubsetSecondOrder(int Size, double Weight) : IGradientMap
{
    public Tensor Relaxation(IReadOnlyList<Tensor> constants) => constants[2].alias();

    public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var wide = gradient.to(ScalarType.Float64);
        var covariance = SubsetMarginals.CovarianceProduct(constants[0], Size, wide);
        var difference = (constants[1] - constants[2]).to(ScalarType.Float64);
        var noOutcome = constants[1].sum(-1, keepdim: true) == Scalars.Zero;
        return SecondOrder.Of(Weight).Sum(covariance, difference, wide).masked_fill_(noOutcome, Scalars.Zero)
            .to(gradient.dtype).MoveToOuterDisposeScope();
    }
}
