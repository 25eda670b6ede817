using DiscreteGradients.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>
/// K draws of θ + G given D, made anew from their seed whenever they are needed, a bounded number at a time: memory does
/// not grow with K. Constants: [log p, D].
/// </summary>
internal sealed record ConditionalDraws(int Samples, double Temperature, DrawKind Kind, ulong Seed) : ISoftmaxAverage
{
    // 1 MiB in float32: the temporaries of a chunk stay in the cache.
    private const long ChunkElements = 1 << 18;

    public Tensor Mean(IReadOnlyList<Tensor> constants) => Average(constants, soft => soft);

    public Tensor JacobianProduct(IReadOnlyList<Tensor> constants, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return Average(constants, soft => SingleDraw.Product(soft, gradient)).mul_(1 / Temperature)
            .MoveToOuterDisposeScope();
    }

    private Tensor Average(IReadOnlyList<Tensor> constants, Func<Tensor, Tensor> term)
    {
        var (logProbs, value) = (constants[0], constants[1]);
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, logProbs.device);
        var total = zeros_like(logProbs);
        var chunk = (int)Math.Clamp(ChunkElements / Math.Max(1, logProbs.numel()), 2, int.MaxValue) & ~1;
        foreach (var exponentials in Exponentials.Draw(Kind, logProbs, value, Samples, chunk, generator))
        {
            var soft = Gumbel.PerturbGiven(logProbs, value, exponentials).mul_(1 / Temperature).softmax(-1);   // [chunk, ..., n]
            total.add_(term(soft).sum(dim: 0));
        }
        return total.mul_(1.0 / Samples).MoveToOuterDisposeScope();
    }
}
