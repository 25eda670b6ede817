using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>What is timed of an estimator: a sample, and the backward pass of a linear cost through it.</summary>
internal sealed class KernelPass : IDisposable
{
    private readonly Generator generator = new(1);
    private readonly Tensor logits, weights;

    /// <summary>Standard normal logits, float32, the same every time.</summary>
    public KernelPass(Workload workload)
    {
        long[] shape = [workload.Batch, workload.Variables, workload.Categories];
        logits = randn(shape, generator: generator).requires_grad_();
        weights = randn(shape, generator: generator);
    }

    /// <summary>One pass of an estimator.</summary>
    public void Run(IGradientEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var node = estimator.Sample(new OneHotCategorical(logits), generator);
        (node.Value * weights).sum().backward();
        logits.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        logits.Dispose();
        weights.Dispose();
        generator.Dispose();
    }
}
