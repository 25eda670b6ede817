using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The map a·J(s)g + b⟨g, d⟩d with d = D − s, exact up to the second order of the cost where a + b = 1 and
/// b = ½, and less ½J(π)g where π is given. Constants: [s, D] or [s, D, π].</summary>
/// <param name="Jacobian">The factor a.</param>
/// <param name="Outer">The factor b.</param>
internal sealed record SecondOrder(double Jacobian, double Outer) : IGradientMap
{
    /// <summary>Gives the map of a weight λ: a = 1 − λ/2, b = λ/2.</summary>
    public static SecondOrder Of(double weight) => new(1 - weight / 2, weight / 2);

    public Tensor Relaxation(IReadOnlyList<Tensor> constants) => constants[0].alias();

    public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var product = Product(constants[0], constants[1], gradient);
        if (constants.Count > 2)
        {
            using Scalar half = -0.5;
            product.add_(new SingleDraw(1).Product([constants[2]], gradient), half);
        }
        return product.MoveToOuterDisposeScope();
    }

    private Tensor Product(Tensor soft, Tensor value, Tensor gradient)
    {
        if (CpuKernels.ServeShortRows(soft)) return CpuKernels.SecondOrderBackward(soft, value, gradient, Jacobian, Outer);
        return Sum(SingleDraw.OfSoftmax(soft, gradient), value - soft, gradient);
    }

    /// <summary>Computes a·p + b⟨g, d⟩d.</summary>
    /// <param name="product">p, the part of the first order; used up.</param>
    /// <param name="difference">d.</param>
    /// <param name="gradient">g.</param>
    public Tensor Sum(Tensor product, Tensor difference, Tensor gradient)
    {
        using Scalar first = Jacobian, second = Outer;
        var along = (gradient * difference).sum(-1, keepdim: true).mul_(second);
        return product.mul_(first).addcmul_(along, difference, Scalars.One);
    }
}
