using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Distributions;

/// <summary>Subsets of k of n elements against enumeration.</summary>
public sealed class SubsetTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<int, int> Sizes => [.. from n in (int[])[1, 2, 5, 12] from k in Enumerable.Range(1, n) select (n, k)];

    [Theory, MemberData(nameof(Sizes))]
    public void EveryMemberIsThatOfTheEnumeratedLaw(int n, int k)
    {
        using var scope = NewDisposeScope();
        var theta = Logits(3, n).mul(tensor(2.0)).requires_grad_();
        var (subset, g) = (new Subset(theta, k), Logits(1, n).sin());
        var outcomes = Outcomes(n, k);
        var scores = theta.matmul(outcomes.t());                               // [3, outcomes]
        var logProbs = scores - scores.logsumexp(-1, keepdim: true);
        var probs = logProbs.exp();
        var marginals = probs.matmul(outcomes);
        Near(marginals, subset.Marginals);
        Near(autograd.grad([(marginals * g).sum()], [theta], retain_graph: true)[0], subset.CovarianceProduct(g.expand(3, n)));
        Near(autograd.grad([(marginals * g).sum()], [theta], retain_graph: true)[0], autograd.grad([(subset.Marginals * g).sum()], [theta], retain_graph: true)[0]);
        for (long row = 0; row < outcomes.shape[0]; row += Math.Max(1, outcomes.shape[0] / 7))
        {
            var value = outcomes[row].expand(3, n);
            Near(logProbs.select(1, row), subset.LogProb(value));
            Near(autograd.grad([logProbs.select(1, row).sum()], [theta], retain_graph: true)[0], autograd.grad([subset.LogProb(value).sum()], [theta], retain_graph: true)[0]);
        }
    }

    [Fact]
    public void TheSecondDerivativeOfAScoreIsMinusTheCovariance()
    {
        using var scope = NewDisposeScope();
        var theta = Logits(1, 5).requires_grad_();
        var subset = new Subset(theta, 2);
        var first = autograd.grad([subset.LogProb(tensor(new double[,] { { 1, 0, 0, 1, 0 } })).sum()], [theta], retain_graph: true, create_graph: true)[0];
        var g = Logits(1, 5).sin();
        Near(-subset.CovarianceProduct(g), autograd.grad([(first * g).sum()], [theta])[0]);
    }

    [Fact]
    public void ASecondDerivativeOfTheMarginalsIsRefused()
    {
        using var scope = NewDisposeScope();
        var theta = Logits(2, 5).requires_grad_();
        var total = (new Subset(theta, 2).Marginals * Logits(2, 5).sin()).sum();
        var first = autograd.grad([total], [theta], retain_graph: true, create_graph: true)[0];
        var error = Assert.ThrowsAny<Exception>(() => first.Squared().sum().backward());
        Assert.Contains("second derivative through a sampled value", error.Message, StringComparison.Ordinal);
    }

    // 4 of 8 at 400,000 draws: 70 subsets; |z| below 5 is a false alarm of 4e-5.
    [Fact]
    public void SamplesHaveTheirProbabilities()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const int Draws = 400_000;
        var theta = Logits(1, 8);
        var subset = new Subset(theta.expand(Draws, 8), 4);
        var place = tensor(2).pow(Scalars.Range(0, 8)).to(ScalarType.Float64);
        var drawn = subset.Sample(generator);
        Assert.True((drawn.sum(-1) == 4).all().item<bool>());
        var counts = drawn.matmul(place).to(ScalarType.Int64).bincount(null, 256);
        var outcomes = Outcomes(8, 4);
        var probs = new Subset(theta.expand(outcomes.shape[0], 8), 4).LogProb(outcomes).exp();
        var expected = zeros(256, dtype: ScalarType.Float64);
        expected[outcomes.matmul(place).to(ScalarType.Int64)] = probs;
        var z = (counts / (double)Draws - expected) / (expected * (1 - expected) / Draws).sqrt().clamp_min(1e-12);
        Assert.InRange(z.abs().max().item<double>(), 0.5, 5);
    }

    [Fact]
    public void OneOfNIsTheCategorical()
    {
        using var scope = NewDisposeScope();
        var theta = Logits(4, 6);
        var (subset, categorical) = (new Subset(theta, 1), new OneHotCategorical(theta));
        Near(categorical.Probs, subset.Marginals);
        Near(categorical.LogProb(categorical.Mode()), subset.LogProb(categorical.Mode()));
    }

    [Fact]
    public void MasksAreLeftOut_AndARowWithoutEnoughIsNaN()
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(4);
            var logits = Logits(6, 4).to(dtype);
            logits[4, 1] = tensor(double.NaN).to(dtype);
            logits[5, 3] = tensor(double.NegativeInfinity).to(dtype);
            var mask = tensor(new[,]
            {
                { true, true, true, true }, { true, false, true, true }, { false, false, false, false }, { false, true, false, false },
                { true, true, true, true }, { true, true, true, true },
            });
            var theta = logits.clone().requires_grad_();
            var subset = new Subset(theta, 2, mask);
            var (value, marginals) = (subset.Sample(generator), subset.Marginals);
            Assert.Equal(dtype, value.dtype);
            Assert.Equal(dtype, marginals.dtype);
            foreach (var tensor in (Tensor[])[value, marginals])
            {
                Assert.Equal([2, 2, 0, double.NaN, double.NaN, 2], [.. tensor.sum(-1).to(ScalarType.Float64).data<double>().Select(sum => Math.Round(sum, 5))]);
                Assert.Equal(0, tensor[1, 1].to(ScalarType.Float64).item<double>());
                Assert.Equal(0, tensor[5, 3].to(ScalarType.Float64).item<double>());
            }
            var open = new Subset(logits[1].index_select(0, tensor(new long[] { 0, 2, 3 })), 2).Marginals;
            Assert.True(open.allclose(marginals[1].index_select(0, tensor(new long[] { 0, 2, 3 })), 1e-6));
            var logProb = subset.LogProb(value);
            Assert.Equal([false, false, false, true, true, false], logProb.isnan().data<bool>());
            Assert.Equal(0, logProb[2].to(ScalarType.Float64).item<double>());
            logProb.masked_fill(logProb.isnan(), 0).sum().backward();
            Assert.True(theta.grad![..3].isfinite().all().item<bool>());
            Assert.Equal(0, theta.grad![1, 1].to(ScalarType.Float64).item<double>());
            Assert.Equal(0, theta.grad![2].abs().sum().to(ScalarType.Float64).item<double>());
        }
    }

    /// <summary>Everything of the open elements is as if the others were not there, whatever stands at them.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void AMaskedElementIsAsIfItWereNotThere(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (mask, open) = (tensor(new[] { true, false, true, true, false, true }), tensor(new long[] { 0, 2, 3, 5 }));
        var (logits, g) = (Logits(3, 6).to(dtype), Logits(3, 6).sin().to(dtype));
        var (masked, alone) = (new Subset(logits, 2, mask), new Subset(logits.index_select(1, open), 2));
        var product = masked.CovarianceProduct(g.masked_fill(mask.logical_not(), double.PositiveInfinity));
        Assert.Equal(dtype, product.dtype);
        Close(alone.CovarianceProduct(g.index_select(1, open)), product.index_select(1, open));
        Close(zeros(3, 2), product.index_select(1, tensor(new long[] { 1, 4 })));
        Close(alone.Marginals, masked.Marginals.index_select(1, open));
        // [6, 4] and [6, 6]: the same six pairs.
        var pairs = Outcomes(4, 2);
        var placed = pairs.matmul(eye(6, dtype: ScalarType.Float64).index_select(0, open));
        for (var i = 0; i < 6; i++)
        {
            var logProb = masked.LogProb(placed[i].expand(3, 6));
            Assert.Equal(dtype, logProb.dtype);
            Close(alone.LogProb(pairs[i].expand(3, 4)), logProb);
        }

        void Close(Tensor expected, Tensor actual) =>
            Near(expected.to(ScalarType.Float64), actual.to(ScalarType.Float64), tolerance);
    }

    // Six different rows and masks: as one axis, as two, and one of them alone.
    [Fact]
    public void EveryLeadingAxisCountsVariables()
    {
        using var scope = NewDisposeScope();
        using Generator one = new(5), other = new(5);
        var (rows, mask) = (Logits(6, 5), tensor(Enumerable.Range(0, 30).Select(i => i % 7 != 3).ToArray()).reshape(6, 5));
        var (flat, deep) = (new Subset(rows, 2, mask), new Subset(rows.reshape(2, 3, 5), 2, mask.reshape(2, 3, 5)));
        var (value, g) = (flat.Sample(one), Logits(6, 5).sin());
        Near(value.reshape(2, 3, 5), deep.Sample(other));
        Near(flat.Marginals.reshape(2, 3, 5), deep.Marginals);
        Near(flat.LogProb(value).reshape(2, 3), deep.LogProb(value.reshape(2, 3, 5)));
        Near(flat.CovarianceProduct(g).reshape(2, 3, 5), deep.CovarianceProduct(g.reshape(2, 3, 5)));
        var alone = new Subset(rows[4], 2, mask[4]);
        Near(flat.Marginals[4], alone.Marginals);
        Near(flat.LogProb(value)[4], alone.LogProb(value[4]));
        Near(flat.CovarianceProduct(g)[4], alone.CovarianceProduct(g[4]));
    }

    [Fact]
    public void WhatIsNoSubsetHasNoProbability()
    {
        using var scope = NewDisposeScope();
        var subset = new Subset(Logits(1, 4).expand(4, 4), 2, tensor(new[] { true, true, true, false }));
        var values = tensor(new double[,] { { 1, 1, 0, 0 }, { 1, 0, 0, 0 }, { 1, 0, 0, 1 }, { 2, 0, 0, 0 } });
        Assert.Equal([true, false, false, false], subset.LogProb(values).isfinite().data<bool>());
    }

    // e^±3000 is beyond float64: only log space holds it.
    [Fact]
    public void LogitsOfAnySizeAreTaken()
    {
        using var scope = NewDisposeScope();
        var theta = tensor(new[,] { { 1000.0, -2000, 999, 3000, -1e30, 0 } });
        var marginals = new Subset(theta, 3).Marginals;
        Near(tensor(new[,] { { 1.0, 0, 1, 1, 0, 0 } }), marginals);
        Near(marginals, new Subset(theta, 3).Sample());
        Near(new Subset(Logits(2, 5), 2).Marginals, new Subset(Logits(2, 5) + 1e4, 2).Marginals, 1e-10);
    }

    [Fact]
    public void BadSizesAreNamed()
    {
        using var scope = NewDisposeScope();
        foreach (var size in (int[])[0, -1, 5])
            Assert.Contains($"size is {size}; expected 1 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => new Subset(zeros(2, 4), size)).Message, StringComparison.Ordinal);
        Assert.Contains("value has shape [4]", Assert.Throws<ArgumentException>(() => new Subset(zeros(2, 4), 2).LogProb(zeros(4))).Message, StringComparison.Ordinal);
        Assert.Contains("vector has shape [4]", Assert.Throws<ArgumentException>(() => new Subset(zeros(2, 4), 2).CovarianceProduct(zeros(4))).Message, StringComparison.Ordinal);
    }

    internal static Tensor Outcomes(int n, int k)
    {
        var all = ExactGradient.Joint(n, 2).select(2, 1).to(ScalarType.Float64);
        return all[all.sum(-1) == k];
    }

    internal static Tensor Logits(int rows, int n)
    {
        using var generator = new Generator(6);
        return randn([rows, n], dtype: ScalarType.Float64, generator: generator);
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = Tolerance) =>
        Assert.InRange((expected - actual).abs().max().item<double>(), 0, tolerance);
}
