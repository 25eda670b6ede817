using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>The average over one draw, whose softmax is known since the forward pass. Constants: [softmax_τ(x)].</summary>
internal sealed record SingleDraw(double Temperature) : IGradientMap
{
    public Tensor Relaxation(IReadOnlyList<Tensor> constants) => constants[0].alias();

    public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        if (CpuKernels.ServeShortRows(constants[0])) return CpuKernels.SoftmaxBackward(constants[0], gradient, Temperature);
        using var scope = NewDisposeScope();
        using Scalar scale = 1 / Temperature;
        return OfSoftmax(constants[0], gradient).mul_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>Computes s∘(g − ⟨s, g⟩) over the last axis.</summary>
    public static Tensor OfSoftmax(Tensor soft, Tensor gradient)
    {
        var weighted = soft * gradient;
        return weighted.addcmul_(soft, weighted.sum(-1, keepdim: true), Scalars.MinusOne);
    }
}
