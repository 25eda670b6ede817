using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>The expectation given D for two categories: by the kernel's table, or by quadrature in float64 on any device.
/// Constants: [log p, D].</summary>
/// <param name="Temperature">τ.</param>
/// <param name="KernelThreads">The kernel's; null where quadrature is to be used.</param>
internal sealed record BinaryExpectation(double Temperature, int? KernelThreads) : ISoftmaxAverage
{
    // r = E_j/E_i has density 1/(1 + r)², so log r has density σ′: trapezoid in log r, on which everything is analytic in
    // a strip of width π/2 and falls like exp −|log r|. The lower end covers log p_j down to −40 at τ = 0.01.
    private const double Step = 0.25, First = -90, Last = 45;

    public Tensor Mean(IReadOnlyList<Tensor> constants) => Integrate(constants, soft => soft);

    public Tensor JacobianProduct(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        if (KernelThreads is { } threads)
            return CpuKernels.BinaryJacobianProduct(constants[0], constants[1], gradient, Temperature, threads);
        using var scope = NewDisposeScope();
        // J(s)1 = 0: taken relative to the category drawn, whose weight may be 1 to rounding, nothing cancels.
        var incoming = (gradient - (gradient * constants[1]).sum(-1, keepdim: true)).to(ScalarType.Float64);
        using Scalar scale = 1 / Temperature;
        return Integrate(constants, soft => SingleDraw.Product(soft, incoming)).mul_(scale).MoveToOuterDisposeScope();
    }

    private Tensor Integrate(IReadOnlyList<Tensor> constants, Func<Tensor, Tensor> term)
    {
        using var scope = NewDisposeScope();
        var (logProbs, value) = (constants[0].to(ScalarType.Float64), constants[1].to(ScalarType.Float64));
        var total = zeros_like(logProbs);
        var drawn = value > Scalars.Zero;
        using Scalar power = 1 / Temperature;
        for (var t = First; t <= Last; t += Step)
        {
            using var node = NewDisposeScope();
            using Scalar logRatio = t, density = Step / (2 + Math.Exp(t) + Math.Exp(-t));
            // Relative to the category drawn: log (Y_i/Y_j)^(1/τ) with Y_j/Y_i = 1 + r/p_j.
            var odds = (logProbs - logRatio).neg_().exp_().log1p_().neg_().masked_fill_(drawn, Scalars.Zero);
            total.add_(term(odds.mul_(power).softmax(-1)), density);
        }
        // Rows without a category, whatever came out for them.
        return total.masked_fill_(value.sum(-1, keepdim: true) == Scalars.Zero, Scalars.Zero).to(constants[0].dtype).MoveToOuterDisposeScope();
    }
}
