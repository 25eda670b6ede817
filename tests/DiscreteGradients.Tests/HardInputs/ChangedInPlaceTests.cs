using System.Runtime.InteropServices;
using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>What a caller can reach may be changed in place before the backward pass: the gradient stays what it was.</summary>
public sealed class ChangedInPlaceTests
{
    private sealed record Draw(Tensor Logits, Tensor Mask, OneHotCategorical Distribution, StochasticNode Node, Tensor Cost, Tensor Baseline);

    /// <summary>Changes between the draw and the backward pass.</summary>
    private static readonly (string Name, Action<Draw> Change)[] Changes =
    [
        ("mask", draw => draw.Mask.logical_and_(zeros_like(draw.Mask))),
        ("public mask", draw => draw.Distribution.Mask?.zero_()),
        ("value", draw => draw.Node.Value.detach().mul_(7)),
        ("log-probabilities", draw => draw.Distribution.LogProbs.detach().zero_()),
        ("logits", draw => draw.Logits.detach().zero_()),
        ("cost", draw => draw.Cost.detach().mul_(3)),
        ("baseline", draw => draw.Baseline.detach().mul_(3)),
        ("score", draw => draw.Node.Score?.detach().zero_()),
        ("relaxation", draw => draw.Node.Relaxation?.detach().zero_()),
    ];

    [Fact]
    public void TheGradientIsThatOfWhatWasDrawn()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            using var scope = NewDisposeScope();
            var expected = Gradient(estimator, dtype, shape, _ => { });
            foreach (var (name, change) in Changes)
                Assert.True(expected.AsSpan().SequenceEqual(Gradient(estimator, dtype, shape, change)), $"{estimator} {dtype} [{string.Join(", ", shape)}]: {name}");
        }
    }

    // Without a baseline the weight of the score is the caller's own cost.
    [Fact]
    public void ACostWithoutABaselineMayBeChanged()
    {
        using var scope = NewDisposeScope();
        double[] Gradient(bool change)
        {
            var theta = tensor(new[,] { { 0.1, -0.4, 0.8 }, { 1, 0, 0.5 } }).requires_grad_();
            using var generator = new Generator(3);
            var node = new Reinforce().Sample(new OneHotCategorical(theta), generator);
            var cost = tensor(new[] { 2.0, -1 });
            var loss = SurrogateLoss.Parallel(cost, [node]);
            if (change) cost.mul_(3);
            loss.sum().backward();
            return theta.grad!.data<double>().ToArray();
        }
        Assert.Equal(Gradient(change: false), Gradient(change: true));
    }

    private static byte[] Gradient(IGradientEstimator estimator, ScalarType dtype, long[] shape, Action<Draw> change)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var theta = Everything.Logits(shape, dtype).requires_grad_();
        var (logits, mask) = (theta * 2, ones(shape, dtype: ScalarType.Bool));
        var distribution = new OneHotCategorical(logits, mask);
        var node = estimator.Sample(distribution, generator);
        // Linear, so that no operation of this test itself keeps the value for its backward pass.
        var cost = (node.Value * Scalars.Range(1, shape[^1] + 1, dtype)).sum(-1);
        var baseline = ones([shape[0]], dtype: dtype);
        var loss = SurrogateLoss.Parallel(cost, [node], baseline);
        change(new(logits, mask, distribution, node, cost, baseline));
        loss.sum().backward();
        return Everything.Bits(theta.grad!);
    }

    [Fact]
    public void LogitsChangedBetweenTheDistributionAndTheDrawAreNoPartOfTheGradient()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            using var scope = NewDisposeScope();
            Assert.True(Gradient(false).AsSpan().SequenceEqual(Gradient(true)), $"{estimator} {dtype} [{string.Join(", ", shape)}]");

            byte[] Gradient(bool changed)
            {
                using var generator = new Generator(5);
                var theta = Everything.Logits(shape, dtype).requires_grad_();
                var logits = theta * 2;
                var distribution = new OneHotCategorical(logits);
                if (changed) logits.mul_(3);
                var node = estimator.Sample(distribution, generator);
                SurrogateLoss.Parallel(Everything.Cost(node.Value), [node]).sum().backward();
                return Everything.Bits(theta.grad!);
            }
        }
    }

    [Fact]
    public void ASampleMayBeUsedInPlace()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases().Where(c => c.Estimator is PathwiseEstimator))
        {
            using var scope = NewDisposeScope();
            var expected = Gradient(value => value * 2);
            Assert.True(expected.allclose(Gradient(value => value.mul_(2))), $"{estimator} {dtype}");

            Tensor Gradient(Func<Tensor, Tensor> twice)
            {
                using var generator = new Generator(5);
                var theta = Everything.Logits(shape, dtype).requires_grad_();
                Everything.Cost(twice(theta.SampleOneHot(estimator, generator))).sum().backward();
                return theta.grad!;
            }
        }
    }

    [Fact]
    public void ALossMayBeScaledInPlace()
    {
        foreach (var estimator in Everything.Estimators())
        {
            using var scope = NewDisposeScope();
            var theta = Everything.Logits([20, 3], ScalarType.Float32).requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta));
            var cost = Everything.Cost(node.Value);
            var before = cost.detach().clone();
            SurrogateLoss.Sequential(cost, [node]).div_(20);
            SurrogateLoss.Parallel(cost, [node]).div_(20).sum().backward();
            Assert.True(before.equal(cost).all().item<bool>(), $"{estimator}: the caller's cost changed");
        }
    }

    [Fact]
    public void AnErrorInTheBackwardPassCanBeCaught()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 20; i++)
        {
            var theta = zeros(4, 3).requires_grad_();
            var value = MappedGradient.Apply(theta, zeros(4, 3), null, new Failing(), [zeros(4, 3)]);
            var error = i % 2 == 0
                ? Assert.Throws<ExternalException>(() => value.sum().backward())
                : Assert.Throws<ExternalException>(() => autograd.grad([value.sum()], [theta]));
            Assert.Equal("out of order", error.Message);
            Assert.Equal(3, ones(3).sum().item<float>());
        }
    }

    /// <summary>Two nodes of one pass fail, each with words of its own.</summary>
    [Fact]
    public void OfTwoErrorsInABackwardPassTheFirstIsTold()
    {
        using var scope = NewDisposeScope();
        var (theta, failed) = (zeros(4, 3).requires_grad_(), new List<string>());
        var values = ((string[])["one node failed", "another node failed"]).Select(words =>
            MappedGradient.Apply(theta, zeros(4, 3), null, new Noting(words, failed), [zeros(4, 3)])).ToList();
        var error = Assert.Throws<ExternalException>(() => (values[0] + values[1]).sum().backward());
        Assert.Equal(2, failed.Count);
        Assert.Equal(failed[0], error.Message);
        Assert.Equal(3, ones(3).sum().item<float>());
    }

    [Fact]
    public void AnErrorOfTheCostsOwnOperationsCanBeCaught()
    {
        foreach (var close in (Func<Tensor, StochasticNode, Tensor>[])[(f, node) => SurrogateLoss.Parallel(f, [node]), (f, node) => SurrogateLoss.Sequential(f, [node])])
        {
            using var scope = NewDisposeScope();
            var theta = zeros(4, 3).requires_grad_();
            var node = new StraightThrough { Form = GradientForm.Surrogate }.Sample(new OneHotCategorical(theta));
            var exponential = node.Value.exp();
            var cost = exponential.sum(-1);
            exponential.detach().zero_();
            Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => close(cost, node)).Message, StringComparison.Ordinal);
        }
    }

    private sealed class Noting(string words, List<string> failed) : IGradientMap
    {
        public Tensor Relaxation(IReadOnlyList<Tensor> constants) => throw new InvalidOperationException(words);

        public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient)
        {
            failed.Add(words);
            throw new InvalidOperationException(words);
        }
    }

    private sealed class Failing : IGradientMap
    {
        public Tensor Relaxation(IReadOnlyList<Tensor> constants) => throw new InvalidOperationException("out of order");

        public Tensor Product(IReadOnlyList<Tensor> constants, Tensor gradient) => throw new InvalidOperationException("out of order");
    }
}
