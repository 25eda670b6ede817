using DiscreteGradients.Backward;
using DiscreteGradients.Tests.Distributions;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Straight-through gradients of subsets of k of n elements.</summary>
public sealed class SubsetEstimatorTests
{
    public static TheoryData<int, int> Sizes => new() { { 4, 1 }, { 5, 2 }, { 6, 3 }, { 6, 5 }, { 4, 4 } };

    [Theory, MemberData(nameof(Sizes))]
    public void TheWeightTakesAwayItsShareOfTheBiasOnQuadraticCosts(int n, int k)
    {
        using var scope = NewDisposeScope();
        var theta = SubsetTests.Logits(1, n).squeeze(0).requires_grad_();
        var (matrix, slopes) = (SubsetTests.Logits(n, n), SubsetTests.Logits(1, n).sin());
        var outcomes = SubsetTests.Outcomes(n, k).requires_grad_();
        var costs = ((outcomes.matmul(matrix) + slopes) * outcomes).sum(-1);
        var probs = theta.matmul(outcomes.detach().t()).softmax(-1);
        var exact = autograd.grad([(probs * costs.detach()).sum()], [theta])[0];
        var g = autograd.grad([costs.sum()], [outcomes])[0];
        var rows = theta.detach().expand_as(outcomes);
        var marginals = new Subset(rows, k).Marginals;
        Tensor Mean(double weight) =>
            (new SubsetSecondOrder(k, weight).Product([rows, outcomes.detach(), marginals], g) * probs.detach().unsqueeze(-1)).sum(dim: 0);
        var bias = Mean(0) - exact;
        foreach (var weight in (double[])[0.5, 1, 2])
            Assert.InRange((exact + bias * (1 - weight) - Mean(weight)).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void BothFormsGiveTheGradientOfTheFormula()
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            foreach (var form in Enum.GetValues<GradientForm>())
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator(3);
                var theta = SubsetTests.Logits(30, 7).to(dtype).requires_grad_();
                var subset = new Subset(theta, 3);
                var node = new SecondOrderStraightThrough(0.5) { Form = form }.Sample(subset, generator);
                var slopes = SubsetTests.Logits(30, 7).sin().to(dtype);
                var cost = (node.Value * slopes).sum(-1);
                SurrogateLoss.Parallel(cost, [node]).sum().backward();
                var d = node.Value.detach() - subset.Marginals.detach();
                var expected = 0.75 * subset.CovarianceProduct(slopes) + 0.25 * (slopes * d).sum(-1, keepdim: true) * d;
                Assert.Equal(dtype, theta.grad!.dtype);
                Assert.True(expected.allclose(theta.grad!, 1e-6, dtype == ScalarType.Float32 ? 1e-6 : 1e-13), $"{dtype} {form}");
            }
        }
    }

    [Fact]
    public void OneOfNIsTheCategoricalEstimator()
    {
        using var scope = NewDisposeScope();
        var theta = SubsetTests.Logits(30, 5);
        var value = new OneHotCategorical(theta).Sample();
        var g = SubsetTests.Logits(30, 5).sin();
        var expected = new SecondOrder(0.6, 0.4).Product([theta.softmax(-1), value], g);
        var actual = new SubsetSecondOrder(1, 0.8).Product([theta, value, theta.softmax(-1)], g);
        Assert.True(expected.allclose(actual, 1e-12, 1e-13));
    }

    [Fact]
    public void MaskedElementsGetNoGradientEvenWhereTheCostIsInfinite()
    {
        foreach (var form in Enum.GetValues<GradientForm>())
        {
            using var scope = NewDisposeScope();
            var theta = SubsetTests.Logits(20, 4).requires_grad_();
            var mask = tensor(new[] { true, true, true, false }).expand(20, 4).clone();
            mask[7] = tensor(false);
            var node = new SecondOrderStraightThrough { Form = form }.Sample(new Subset(theta, 2, mask));
            var cost = node.Value[.., 0].Squared() + node.Value[.., 3].sqrt();
            SurrogateLoss.Parallel(cost, [node]).sum().backward();
            Assert.True(theta.grad!.isfinite().all().item<bool>());
            Assert.Equal(0, theta.grad![.., 3].abs().max().item<double>());
            Assert.Equal(0, theta.grad![7].abs().max().item<double>());
            Assert.True(theta.grad!.sum(-1).abs().max().item<double>() < 1e-12);
            Assert.True(theta.grad!.abs().max().item<double>() > 0);
        }
    }

    /// <summary>Logits, mask and value may be changed in place once they have been handed over.</summary>
    [Fact]
    public void WhatIsChangedAfterwardsIsNoPartOfTheGradient()
    {
        using var scope = NewDisposeScope();
        var expected = Gradient(change: false);
        Assert.True(expected.abs().max().item<double>() > 0);
        Assert.True(expected.equal(Gradient(change: true)).all().item<bool>());

        Tensor Gradient(bool change)
        {
            using var generator = new Generator(5);
            var theta = SubsetTests.Logits(20, 6).requires_grad_();
            var (logits, mask) = (theta * 2, ones(20, 6, dtype: ScalarType.Bool));
            var subset = new Subset(logits, 3, mask);
            if (change)
            {
                logits.mul_(3);
                mask.logical_and_(zeros_like(mask));
            }
            var node = new SecondOrderStraightThrough().Sample(subset, generator);
            var value = node.Value.detach().clone();
            var score = subset.LogProb(value).sum();
            if (change) value.zero_();
            var cost = (node.Value * SubsetTests.Logits(20, 6).sin()).sum(-1);
            (SurrogateLoss.Parallel(cost, [node]).sum() + score).backward();
            return theta.grad!;
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameBits_AndNoGradientIsCarriedWithoutOne()
    {
        using var scope = NewDisposeScope();
        byte[] Draw()
        {
            using var generator = new Generator(9);
            return new SecondOrderStraightThrough().Sample(new Subset(SubsetTests.Logits(50, 6), 3), generator).Value.bytes.ToArray();
        }
        Assert.Equal(Draw(), Draw());
        using var _ = no_grad();
        Assert.False(new SecondOrderStraightThrough().Sample(new Subset(SubsetTests.Logits(5, 6).requires_grad_(), 3)).Value.requires_grad);
    }
}
