using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Backward;

/// <summary>
/// The average over K draws of θ + G given D. The draws are made anew from their seed whenever they are needed, a bounded
/// number at a time: memory does not grow with K. They are made by tensor operations, or by the fused kernel, which has
/// random numbers of its own of the same law. Constants: [log p, D].
/// </summary>
/// <param name="Samples">The number K of draws.</param>
/// <param name="Temperature">The temperature τ.</param>
/// <param name="Kind">The dependence of the draws on each other.</param>
/// <param name="Seed">The seed, which decides every draw.</param>
/// <param name="ByKernel">True for the fused kernel, false for tensor operations.</param>
internal sealed record ConditionalDraws(
    int Samples, double Temperature, NoiseKind Kind, ulong Seed, bool ByKernel = false) : IGradientMap
{
    // 1 MiB in float32: the temporaries of a chunk stay in the cache.
    private const long ChunkElements = 1 << 18;

    public Tensor Relaxation(IReadOnlyList<Tensor> constants) => Average(constants, soft => soft);

    public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        if (ByKernel) return CpuKernels.JacobianProduct(constants[0], constants[1], gradient, this);
        using var scope = NewDisposeScope();
        using Scalar scale = 1 / Temperature;
        return Average(constants, soft => SingleDraw.OfSoftmax(soft, gradient)).mul_(scale)
            .MoveToOuterDisposeScope();
    }

    private Tensor Average(IReadOnlyList<Tensor> constants, Func<Tensor, Tensor> term)
    {
        var (logProbs, value) = (constants[0], constants[1]);
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed);
        var total = zeros_like(logProbs);
        var index = value.argmax(-1, keepdim: true);
        var (drawn, masked) = (value > Scalars.Zero, logProbs <= Scalars.LogZero);
        var none = zeros([], dtype: logProbs.dtype, device: logProbs.device);
        using Scalar power = -1 / Temperature, weight = 1.0 / Samples;
        var chunk = (int)Math.Clamp(ChunkElements / Math.Max(1, logProbs.numel()), 2, int.MaxValue) & ~1;
        foreach (var exponentials in Exponentials.Draw(Kind, logProbs, Samples, chunk, generator))
            total.Accumulate(term(Soften(exponentials)).sum(dim: 0));            // [chunk, ..., n] -> [..., n]
        // Rows without a category have no draws, whatever came out for them.
        var withoutCategory = value.sum(-1, keepdim: true) == Scalars.Zero;
        return total.mul_(weight).masked_fill_(withoutCategory, Scalars.Zero).MoveToOuterDisposeScope();

        // softmax(x/τ) for x_i = −log E_i, x_j = −log(E_j/p_j + E_i), taken relative to x_i: log-weight 0 for i and
        // −log(1 + E_j/(p_j E_i))/τ for j, −∞ where p_j is 0. Uses up the exponentials.
        Tensor Soften(Tensor exponentials)
        {
            var odds = exponentials.log_();
            var top = odds.gather(-1, index.expand([exponentials.shape[0], .. index.shape]));
            odds.sub_(logProbs).sub_(top);
            return logaddexp(odds, none).mul_(power).masked_fill_(masked, Scalars.MinusInfinity)
                .masked_fill_(drawn, Scalars.Zero).softmax(-1);
        }
    }
}
