using DiscreteGradients.Autograd;
using DiscreteGradients.Experiments.Benchmarks;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Benchmarks;

/// <summary>What the kernel is measured against does the same work.</summary>
public sealed class TensorGumbelRaoTests
{
    // 8 means, each within 5 standard errors: false alarm 5e-6 in all.
    private const double Errors = 5;

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(10, 0.2)]
    [InlineData(10, 1.0)]
    public void HasTheMeanAndTheVarianceOfGumbelRao(int samples, double temperature)
    {
        using var scope = NewDisposeScope();
        using var ours = Gradients(new GumbelRao(samples, temperature), 1);
        using var theirs = Gradients(new TensorGumbelRao(samples, temperature), 2);
        var error = (ours.StandardError().Squared() + theirs.StandardError().Squared()).sqrt();
        var distance = ((ours.Mean() - theirs.Mean()).abs() / error).max().item<double>();
        Assert.True(distance < Errors, $"the means are {distance:F1} standard errors apart; expected less than {Errors}");
        var traceError = Math.Sqrt(Math.Pow(ours.Trace.Error, 2) + Math.Pow(theirs.Trace.Error, 2));
        Assert.InRange(ours.Trace.Value - theirs.Trace.Value, -Errors * traceError, Errors * traceError);
    }

    [Fact]
    public void IsAOneHotSample()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logits = randn([7, 5, 4], generator: generator).requires_grad_();
        var value = new TensorGumbelRao(3, 0.5).Sample(new OneHotCategorical(logits), generator).Value;
        Assert.Equal(7 * 5, value.sum().item<float>());
        Assert.Equal(7 * 5, value.max(-1).values.sum().item<float>());
    }

    private static GradientStatistics Gradients(IGradientEstimator estimator, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var logits = tensor(new[,] { { 0.3, -0.8, 1.1, 0.2 }, { -0.4, 0.9, 0.1, -1.3 } })
            .unsqueeze(0).repeat(20_000, 1, 1).requires_grad_();
        var weights = tensor(new[,] { { 0.7, -0.2, 0.4, 1.3 }, { 0.1, -1.1, 0.6, 0.9 } });
        var node = estimator.Sample(new OneHotCategorical(logits), generator);
        (node.Value * weights).sum([1, 2]).Squared().sum().backward();
        var statistics = new GradientStatistics(8);
        statistics.AddRange(logits.grad!);
        return statistics;
    }
}
