using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>
/// K draws of θ + G given D, made anew from their seed whenever they are needed, a bounded number at a time: memory does
/// not grow with K. Constants: [log p, D].
/// </summary>
internal sealed record ConditionalDraws(int Samples, double Temperature, ulong Seed) : ISoftmaxAverage
{
    // 4 MiB in float32: a few temporaries of this size stay in the last-level cache.
    private const long ChunkElements = 1 << 20;

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
        var chunk = (int)Math.Clamp(ChunkElements / Math.Max(1, logProbs.numel()), 1, Samples);
        for (var drawn = 0; drawn < Samples; drawn += chunk)
        {
            using var step = NewDisposeScope();
            var perturbed = Gumbel.PerturbGiven(logProbs, value, Math.Min(chunk, Samples - drawn), generator);
            total.add_(term(perturbed.mul_(1 / Temperature).softmax(-1)).sum(dim: 0));   // [chunk, ..., n] -> [..., n]
        }
        return total.mul_(1.0 / Samples).MoveToOuterDisposeScope();
    }
}
