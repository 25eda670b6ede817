using static TorchSharp.torch;

namespace DiscreteGradients.Autograd;

/// <summary>The law of <see cref="ConditionalDraws"/>, with its own random numbers, by the fused kernel: K streams
/// through registers. Constants: [log p, D].</summary>
internal sealed record FusedDraws(ConditionalDraws Draws, int Threads) : ISoftmaxAverage
{
    public Tensor Mean(IReadOnlyList<Tensor> constants) => Draws.Mean(constants);

    public Tensor JacobianProduct(IReadOnlyList<Tensor> constants, Tensor gradient) => CpuKernels.JacobianProduct(
        constants[0], constants[1], gradient, Draws, Threads);
}
