using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The three ways of a node, as an estimator of a user's own makes them.</summary>
public sealed class StochasticNodeTests
{
    [Fact]
    public void ARelaxedNodeTakesTheGradientOfACopyAndGivesItToItsRelaxation()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float64).requires_grad_();
        var value = eye(3, dtype: ScalarType.Float64)[tensor(new long[] { 0, 2, 1, 1 })];
        var node = StochasticNode.Relaxed(value, theta.sin());
        Assert.True(node.Value.is_leaf && node.Value.requires_grad && !value.requires_grad);
        Assert.Null(node.Score);
        value.zero_();
        Assert.Equal(4, node.Value.sum().item<double>());
        var slopes = Scalars.Range(1, 4, ScalarType.Float64);
        SurrogateLoss.Parallel((node.Value * slopes).sum(-1), [node]).sum().backward();
        Assert.True(theta.grad!.allclose(slopes * theta.cos(), 1e-12, 1e-12));
    }

    /// <summary>As a model's forward pass draws it in a scope of its own: the distribution and its mask are gone.</summary>
    [Fact]
    public void ANodeLeavesTheScopeOfItsDistribution()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { true, true, false, true });
        foreach (var (estimator, dtype, useMask) in from estimator in Everything.Estimators()
                                                    from dtype in Everything.Dtypes
                                                    from useMask in (bool[])[false, true]
                                                    select (estimator, dtype, useMask))
        {
            var logits = Everything.Logits([5, 4], dtype);
            if (useMask) logits[0, 1] = double.NegativeInfinity;        // a mask of the row's own, which is no tensor of the caller
            var theta = logits.requires_grad_();
            var node = Encode();
            SurrogateLoss.Parallel(Everything.Cost(node.Value), [node]).sum().backward();
            var (_, expected) = Everything.Draw(estimator, logits, useMask ? mask : null);
            Assert.True(theta.grad!.equal(expected).all().item<bool>(), $"{estimator}, {dtype}, mask {useMask}");

            StochasticNode Encode()
            {
                using var inner = NewDisposeScope();
                using var generator = new Generator(7);
                return estimator.Sample(new OneHotCategorical(theta, useMask ? mask : null), generator).MoveToOuterDisposeScope();
            }
        }
    }

    [Fact]
    public void WhatAnEarlierPassLeftAtTheValueIsNotCredited()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float64).requires_grad_();
        var node = StochasticNode.Relaxed(zeros(4, 3, dtype: ScalarType.Float64), theta.sin());
        var slopes = Scalars.Range(1, 4, ScalarType.Float64);
        var cost = (node.Value * slopes).sum(-1);
        autograd.backward([cost.sum()], retain_graph: true);
        SurrogateLoss.Parallel(cost, [node]).sum().backward();
        Assert.True(theta.grad!.allclose(slopes * theta.cos(), 1e-12, 1e-12));
    }

    /// <summary>The losses take a gradient of their own at the value: what lies there is the caller's.</summary>
    [Fact]
    public void AGradientThatLiesAtTheValueStaysThere()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float64).requires_grad_();
        var slopes = Scalars.Range(1, 4, ScalarType.Float64);
        foreach (var close in (Func<Tensor, StochasticNode, Tensor>[])
        [
            (cost, node) => SurrogateLoss.Parallel(cost, [node]),
            (cost, node) => SurrogateLoss.Sequential(cost, [node]),
        ])
        {
            var node = StochasticNode.Relaxed(zeros(4, 3, dtype: ScalarType.Float64), theta.sin());
            close((node.Value * slopes).sum(-1), node);
            Assert.Null(node.Value.grad);
            (node.Value * slopes).sum().backward();
            close((node.Value * slopes).sum(-1) * 7, node);
            Assert.True(node.Value.grad!.equal(slopes.expand(4, 3)).all().item<bool>());
        }
    }

    [Fact]
    public void ANodeThatTheCostDoesNotSeeGetsNoGradient()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([2, 4, 3], ScalarType.Float64).requires_grad_();
        var (seen, unseen) = (StochasticNode.Relaxed(zeros(4, 3, dtype: ScalarType.Float64), theta[0]), StochasticNode.Relaxed(zeros(4, 3, dtype: ScalarType.Float64), theta[1]));
        SurrogateLoss.Parallel(seen.Value.sum(-1), [seen, unseen]).sum().backward();
        Assert.True(theta.grad!.equal(stack([ones(4, 3, dtype: ScalarType.Float64), zeros(4, 3, dtype: ScalarType.Float64)])).all().item<bool>());
        Assert.Throws<ArgumentNullException>(() => StochasticNode.Relaxed(zeros(4, 3), null!));
    }

    [Fact]
    public void AScoredNodeIsWeighedWithTheCostLessTheBaseline()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4], ScalarType.Float64).requires_grad_();
        var node = StochasticNode.Scored(eye(4, dtype: ScalarType.Float64), theta.sin());
        Assert.Null(node.Relaxation);
        var cost = Scalars.Range(1, 5, ScalarType.Float64);
        SurrogateLoss.Parallel(cost, [node], ones(4, dtype: ScalarType.Float64)).sum().backward();
        Assert.True(theta.grad!.allclose((cost - ones_like(cost)) * theta.cos(), 1e-12, 1e-12));
    }

    [Fact]
    public void WithoutAGradientToCarryThereIsNothingToClose()
    {
        using var scope = NewDisposeScope();
        var value = eye(3);
        var relaxed = StochasticNode.Relaxed(value, ones(3, 3));
        Assert.Same(value, relaxed.Value);
        Assert.Null(relaxed.Relaxation);
        var attached = StochasticNode.Attached(value);
        Assert.Same(value, attached.Value);
        Assert.Null(attached.Score);
        Assert.Null(attached.Relaxation);
        var cost = ones(3).requires_grad_();
        var loss = SurrogateLoss.Parallel(cost, [relaxed, attached, StochasticNode.Scored(value, ones(3))]);
        loss.sum().backward();
        Assert.True(cost.grad!.equal(ones(3)).all().item<bool>());
    }

    /// <summary>The number 2²⁴ + 1 is none of float32.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 16_777_216)]
    [InlineData(ScalarType.Float64, 16_777_217)]
    public void ACostOfIntegersIsTakenInTheDtypeOfTheValues(ScalarType dtype, double expected)
    {
        using var scope = NewDisposeScope();
        var node = StochasticNode.Attached(ones(2, 3, dtype: dtype));
        var cost = tensor(new long[] { 16_777_217, 3 });
        foreach (var loss in (Tensor[])
        [
            SurrogateLoss.Parallel(cost, [node]), SurrogateLoss.Sequential(cost, [node]),
            SurrogateLoss.Sequential([cost], [node]),
        ])
        {
            Assert.Equal(dtype, loss.dtype);
            Assert.Equal([expected, 3], loss.to(ScalarType.Float64).data<double>().ToArray());
        }
    }

    [Fact]
    public void WithoutNodesALossIsACopyOfTheCost()
    {
        using var scope = NewDisposeScope();
        foreach (var close in (Func<Tensor, Tensor>[])
        [
            cost => SurrogateLoss.Parallel(cost, []),
            cost => SurrogateLoss.Sequential(cost, []),
        ])
        {
            var cost = tensor(new long[] { 3, 4 });
            var loss = close(cost);
            Assert.Equal([3, 4], loss.data<long>().ToArray());
            loss.zero_();
            Assert.Equal([3, 4], cost.data<long>().ToArray());
        }
        var refused = Assert.Throws<ArgumentException>(() => SurrogateLoss.Sequential((Tensor[])[], []));
        Assert.Contains("0 costs for 0 nodes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        using var scope = NewDisposeScope();
        var value = zeros(4, 2, 3);
        foreach (var shape in (long[][])[[4], [4, 2], []]) Assert.NotNull(StochasticNode.Scored(value, zeros(shape)).Score);
        foreach (var shape in (long[][])[[2], [3, 2], [4, 2, 3]])
        {
            Assert.Contains("logProb has shape", Assert.Throws<ArgumentException>(() => StochasticNode.Scored(value, zeros(shape))).Message, StringComparison.Ordinal);
        }
        var scored = StochasticNode.Scored(value, zeros(4).requires_grad_());
        foreach (var close in (Action[])
        [
            () => SurrogateLoss.Parallel(zeros(4, 2), [StochasticNode.Attached(value), scored]),
            () => SurrogateLoss.Sequential(zeros(4, 2), [StochasticNode.Attached(value), scored]),
        ])
        {
            Assert.StartsWith("the score of node 1 has shape [4]; expected leading axes [4, 2], the shape of the cost: a number",
                Assert.Throws<ArgumentException>(close).Message, StringComparison.Ordinal);
        }
        Assert.Contains("relaxation has shape [4, 2, 1]; expected the shape of the value, [4, 2, 3]",
            Assert.Throws<ArgumentException>(() => StochasticNode.Relaxed(value, zeros(4, 2, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASecondDerivativeThroughANodeOfAUsersOwnIsRefused()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float64).requires_grad_();
        var value = eye(3, dtype: ScalarType.Float64)[tensor(new long[] { 0, 2, 1, 1 })];
        foreach (var node in (StochasticNode[])
            [StochasticNode.Scored(value, theta.log_softmax(-1).sum(-1)), StochasticNode.Relaxed(value, theta.softmax(-1))])
        {
            var loss = SurrogateLoss.Parallel((node.Value * node.Value).sum(-1), [node]).sum();
            var gradient = autograd.grad([loss], [theta], retain_graph: true, create_graph: true)[0];
            var refused = Assert.ThrowsAny<Exception>(() => gradient.sin().sum().backward());
            Assert.Contains("second derivative through a sampled value", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>As one_hot gives them.</summary>
    [Fact]
    public void AValueOfIntegersCountsAsNumbers()
    {
        using var scope = NewDisposeScope();
        var value = nn.functional.one_hot(tensor(new long[] { 0, 2, 1, 1 }), 3);
        var theta = Everything.Logits([4, 3], ScalarType.Float64).requires_grad_();
        var slopes = Scalars.Range(1, 4, ScalarType.Float64);
        var relaxed = StochasticNode.Relaxed(value, theta.sin());
        Assert.Equal(ScalarType.Float64, relaxed.Value.dtype);
        SurrogateLoss.Parallel((relaxed.Value * slopes).sum(-1), [relaxed]).sum().backward();
        Assert.True(theta.grad!.allclose(slopes * theta.cos(), 1e-12, 1e-12));

        theta.grad!.zero_();
        var scored = StochasticNode.Scored(value, theta.sin().sum(-1));
        SurrogateLoss.Parallel(Scalars.Range(1, 5), [scored]).sum().backward();
        Assert.True(theta.grad!.allclose(Scalars.Range(1, 5, ScalarType.Float64).unsqueeze(1) * theta.cos(), 1e-12, 1e-12));
    }

    [Fact]
    public void WithoutGradientsARelaxedNodeIsClosedByItsCost()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([4, 3], ScalarType.Float32).requires_grad_();
        var node = StochasticNode.Relaxed(eye(4)[.., ..3], theta.softmax(-1));
        var cost = node.Value.sum(-1);
        using var _ = no_grad();
        Assert.Equal(cost.data<float>().ToArray(), SurrogateLoss.Parallel(cost, [node]).data<float>().ToArray());
        Assert.Equal(cost.data<float>().ToArray(), SurrogateLoss.Sequential(cost, [node]).data<float>().ToArray());
    }
}
