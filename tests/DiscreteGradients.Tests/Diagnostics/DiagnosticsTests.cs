using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

public sealed class DiagnosticsTests
{
    [Fact]
    public void ExactGradientIsThatOfTheSumOverOutcomes()
    {
        using var scope = NewDisposeScope();
        // Two binary variables, f = a XOR b and a direct dependence on θ: by hand.
        var theta = tensor(new[,] { { 0.3, -0.2 }, { 1.0, 0.4 } });
        Tensor Cost(Tensor value) => value[.., 0, 0] * value[.., 1, 1] + value[.., 0, 1] * value[.., 1, 0];
        var p = theta.softmax(-1).data<double>().ToArray();
        var (a, b) = (p[1], p[3]);
        var (da, db) = (1 - 2 * b, 1 - 2 * a);
        var expected = tensor(new[,] { { -da * a * (1 - a), da * a * (1 - a) }, { -db * b * (1 - b), db * b * (1 - b) } });
        Assert.True(ExactGradient.Of(theta, Cost).allclose(expected, 1e-14, 1e-14));
        var leaf = theta.clone().requires_grad_();
        ExactGradient.Expectation(new OneHotCategorical(leaf), value => Cost(value) + leaf.Squared().sum()).backward();
        Assert.True(leaf.grad!.allclose(expected + 2 * theta, 1e-14, 1e-14));
    }

    [Fact]
    public void ExactGradientCountsARowWithoutCategoriesOnce()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Masked;
        var (only, rest) = (problem.Mask!, problem.Theta);
        double expected = 0;
        var probs = new OneHotCategorical(rest, only).Probs;
        foreach (var k in (int[])[0, 2, 3])
        {
            var value = zeros(1, 3, 4, dtype: ScalarType.Float64);
            value[0, 0, k] = 1;
            value[0, 1, 1] = 1;
            expected += probs[0, k].item<double>() * problem.Cost(value).item<double>();
        }
        Assert.Equal(expected, ExactGradient.Expectation(new OneHotCategorical(rest, only), problem.Cost).item<double>(), 1e-14);
    }

    /// <summary>The gradient of a linear cost is π∘(w − ⟨π, w⟩), in logits of one axis as in those of four.</summary>
    [Fact]
    public void EveryLeadingAxisCountsVariables()
    {
        foreach (var shape in (long[][])[[3], [2, 3], [2, 1, 2, 3], [4, 1], [1]])
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(6);
            var theta = randn(shape, dtype: ScalarType.Float64, generator: generator);
            var weights = randn(shape, dtype: ScalarType.Float64, generator: generator);
            var pi = theta.softmax(-1);
            var expected = pi * (weights - (pi * weights).sum(-1, keepdim: true));
            var actual = ExactGradient.Of(theta, values => (values * weights).flatten(1).sum(1));
            Assert.Equal(shape, actual.shape);
            Assert.True(actual.allclose(expected, 1e-12, 1e-13), $"[{string.Join(", ", shape)}]");
        }
    }

    [Fact]
    public void NoVariablesHaveOneOutcome()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(0, 3, dtype: ScalarType.Float64);
        foreach (var mask in (Tensor?[])[null, ones(0, 3, dtype: ScalarType.Bool)])
        {
            Assert.Equal(5, ExactGradient.Expectation(new OneHotCategorical(logits, mask), value => value.sum([1, 2]) + 5).item<double>());
            Assert.Equal([0, 3], ExactGradient.Of(logits, value => value.sum([1, 2]) + 5, mask).shape);
        }
    }

    /// <summary>As in the middle of a training step, whose model the cost is made of.</summary>
    [Fact]
    public void WhatTheCostIsMadeOfKeepsItsGradientAndItsGraph()
    {
        using var scope = NewDisposeScope();
        var weights = Scalars.Range(1, 4, ScalarType.Float64).requires_grad_();
        var hidden = weights.sin();
        weights.Squared().sum().backward();
        var before = weights.grad!.clone();
        ExactGradient.Of(zeros(2, 3, dtype: ScalarType.Float64), values => (values * hidden * weights).sum([1, 2]));
        Assert.True(weights.grad!.equal(before).all().item<bool>());
        hidden.sum().backward();
        Assert.True(weights.grad!.allclose(before + weights.cos(), 1e-14, 1e-14));
    }

    [Fact]
    public void ValuesThatNoMemoryHoldsAreRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() => ExactGradient.Of(zeros(1, 20_000), value => value.sum([1, 2])));
        Assert.StartsWith("all values of 1 variables of arity 20000 hold 4E+08 numbers; expected at most 268435456.",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyOutcomesAreRefused() => Assert.Contains("more than 1048576 joint outcomes",
        Assert.Throws<ArgumentException>(() => ExactGradient.Of(zeros(13, 3), value => value.sum([1, 2]))).Message, StringComparison.Ordinal);

    [Fact]
    public void OneVariableMoreThanTwentyOfTwoCategoriesIsRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() => ExactGradient.Of(zeros(21, 2), value => value.sum([1, 2])));
        Assert.Contains("21 variables of arity 2 have more than 1048576", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheExactGradientNeedsNoGraphOfTheCaller_AndLeavesNothingAtItsLogits()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Two.Theta.requires_grad_();
        using (no_grad())
            Assert.True(ExactGradient.Of(theta, Problem.Two.Cost).equal(Problem.Two.Exact()).all().item<bool>());
        Assert.Null(theta.grad);
        Assert.Equal(ScalarType.Float32, ExactGradient.Of(Problem.Two.Theta.to(ScalarType.Float32), Problem.Two.Cost).dtype);
    }

    [Fact]
    public void StatisticsMatchTheDirectFormulas()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var draws = randn([1000, 2, 3], dtype: ScalarType.Float64, generator: generator) * 2 + arange(6, dtype: ScalarType.Float64).reshape(2, 3);
        using var statistics = new GradientStatistics(6);
        statistics.Add(draws[0]);
        statistics.AddRange(draws[1..399]);
        statistics.Add(draws[399].to(ScalarType.Float64));
        statistics.AddRange(draws[400..]);
        var flat = draws.reshape(1000, 6);
        Assert.Equal(1000, statistics.Count);
        Assert.True(statistics.Mean().allclose(flat.mean([0]), 1e-12, 1e-12));
        Assert.True(statistics.StandardError().allclose((flat.var(0) / 1000).sqrt(), 1e-12, 1e-12));
        Assert.Equal(flat.var(0).sum().item<double>(), statistics.Trace.Value, 1e-10);
        // However the draws come in.
        using var single = new GradientStatistics(6);
        foreach (var draw in draws.unbind(0)) single.Add(draw);
        Assert.Equal(single.Trace.Error, statistics.Trace.Error, 1e-10);
    }

    /// <summary>A trace is a mean of squared distances, to the mean of the 2000 draws as well as to that of the law.</summary>
    [Fact]
    public void TheErrorOfATraceIsThatOfAMeanOfSquaredDistances()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var draws = randn([2000, 3], dtype: ScalarType.Float64, generator: generator) * tensor(new[] { 1, 2, 0.5 }) + 7;
        using GradientStatistics single = new(3), whole = new(3);
        foreach (var draw in draws.unbind(0)) single.Add(draw);
        whole.AddRange(draws[..1]);
        whole.AddRange(draws[1..]);
        whole.AddRange(zeros(0, 3));
        var squares = (draws - draws.mean([0])).Squared().sum(1).data<double>().ToArray();
        var error = Estimate.Mean(squares).Error;
        Assert.Equal(error, whole.Trace.Error, 0.05 * error);
        Assert.Equal(whole.Trace.Error, single.Trace.Error, 1e-10);
        Assert.Equal(whole.Trace.Value, single.Trace.Value, 1e-10);
    }

    [Fact]
    public void StandardErrorsCoverTheTruth()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var inside = 0;
        for (var repeat = 0; repeat < 400; repeat++)
        {
            using var inner = NewDisposeScope();
            using var statistics = new GradientStatistics(4);
            statistics.AddRange(randn([100, 4], dtype: ScalarType.Float64, generator: generator) * 3);
            if (Math.Abs(statistics.Trace.Value - 36) < 2 * statistics.Trace.Error) inside++;
        }
        // 95.4 % nominal; the estimate of the error itself is noisy at 100 draws. Binomial: 5 standard errors below 93 %.
        Assert.True(inside > 400 * (0.93 - 5 * Math.Sqrt(0.93 * 0.07 / 400)), $"{inside} of 400");
    }

    [Fact]
    public void BadUseIsNamed()
    {
        using var statistics = new GradientStatistics(3);
        Assert.Contains("gradient has shape [4]; expected 3 elements", Assert.Throws<ArgumentException>(() => statistics.Add(zeros(4))).Message, StringComparison.Ordinal);
        Assert.Contains("expected [draws, ...] with 3 elements a draw", Assert.Throws<ArgumentException>(() => statistics.AddRange(zeros(4))).Message, StringComparison.Ordinal);
        Assert.Contains("0 draws so far", Assert.Throws<InvalidOperationException>(() => statistics.StandardError()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientStatistics(0));
        Assert.Contains("gradients has shape []", Assert.Throws<ArgumentException>(() => new GradientStatistics(1).AddRange(zeros([]))).Message, StringComparison.Ordinal);
        statistics.Add(eye(3)[0]);
        Assert.Contains("1 draws so far", Assert.Throws<InvalidOperationException>(() => statistics.Trace).Message, StringComparison.Ordinal);
        statistics.Add(eye(3)[1]);
        Assert.Equal(new Estimate(1, double.NaN), statistics.Trace);
        Assert.True(statistics.StandardError().allclose(tensor(new[] { 0.5, 0.5, 0 })));
        statistics.Add(eye(3)[2]);
        Assert.Equal(1, statistics.Trace.Value, 1e-12);
        Assert.False(double.IsNaN(statistics.Trace.Error));
    }

    [Fact]
    public void TheMeanIsACopy()
    {
        using var statistics = new GradientStatistics(1);
        statistics.AddRange(ones(4, 1));
        statistics.Mean().zero_();
        Assert.Equal(1, statistics.Mean().item<double>());
    }

    [Fact]
    public void TheBaselineIsTheMovingAverageOfThePast()
    {
        using var scope = NewDisposeScope();
        var baseline = new MovingAverageBaseline(0.9);
        Assert.True(baseline.Next(tensor(new[] { 1.0, 3.0, 8.0 })).allclose(tensor(new[] { 5.5, 4.5, 2.0 })));
        Assert.Equal(4, baseline.Value);
        Assert.True(baseline.Next(tensor(new[] { 10.0, 10.0, 10.0 })).allclose(tensor(new[] { 4.0, 4.0, 4.0 })));
        Assert.Equal(4.6, baseline.Value!.Value, 1e-12);
        Assert.Equal(0, new MovingAverageBaseline(0.5).Next(tensor(new[] { 7.0 })).item<double>());
        Assert.Equal(3, new MovingAverageBaseline(0.5, 3).Next(tensor(new[] { 7.0 })).item<double>());
        Assert.Contains("decay is 1", Assert.Throws<ArgumentOutOfRangeException>(() => new MovingAverageBaseline(1)).Message, StringComparison.Ordinal);
    }
}
