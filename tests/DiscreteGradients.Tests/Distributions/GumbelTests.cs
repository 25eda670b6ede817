using DiscreteGradients.Tests.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Distributions;

public sealed class GumbelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void PerturbGivenHasTheLawOfRejectionSampling(int drawn)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var logProbs = tensor(new[] { 0.3, -0.8, 1.1 }).log_softmax(-1);
        var free = Gumbel.Perturb(logProbs.expand(200_000, 3), generator);
        var accepted = free[free.argmax(-1) == drawn];
        var value = nn.functional.one_hot(tensor((long)drawn), 3).to(ScalarType.Float64);
        var given = Gumbel.PerturbGiven(logProbs, value, 60_000, generator);
        Assert.True((given.argmax(-1) == drawn).all().item<bool>());
        for (var j = 0; j < 3; j++)
            Law.SameDistribution(accepted[.., j].contiguous().data<double>().ToArray(), given[.., j].contiguous().data<double>().ToArray());
        // Joint law: the gaps to the winner, whose product moments a marginal test does not see.
        var (a, b) = (((drawn + 1) % 3), ((drawn + 2) % 3));
        double[] Product(Tensor x) => ((x[.., drawn] - x[.., a]) * (x[.., drawn] - x[.., b])).data<double>().ToArray();
        Law.SameDistribution(Product(accepted), Product(given));
    }

    /// <summary>Gumbel(0, 1) has the mean γ, the variance π²/6 and the excess 12/5: |z| below 5, a false alarm of 6e-7 each. The noise
    /// of float32 is that of a kernel, which has a test of its own.</summary>
    [Fact]
    public void NoiseIsStandardGumbel()
    {
        const int Draws = 200_000;
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var certain = zeros([Draws, 1], dtype: ScalarType.Float64);
        var given = Gumbel.PerturbGiven(certain, ones_like(certain), 1, generator);
        foreach (var noise in (Tensor[])[Gumbel.Perturb(certain, generator), given])
        {
            var (x, variance) = (noise.flatten(), Math.PI * Math.PI / 6);
            Assert.InRange((x.mean().item<double>() - 0.5772156649) / Math.Sqrt(variance / Draws), -5, 5);
            Assert.InRange((x.var(0).item<double>() - variance) / (variance * Math.Sqrt(4.4 / Draws)), -5, 5);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void FarLogitsGiveNoNaN(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var q = new OneHotCategorical(tensor(new double[] { 50, -50, 0 }).to(dtype));
        foreach (var drawn in (long[])[0, 1, 2])
        {
            var value = nn.functional.one_hot(tensor(drawn), 3).to(dtype);
            var perturbed = Gumbel.PerturbGiven(q.LogProbs, value, 10_000, generator);
            Assert.False(perturbed.isnan().any().item<bool>());
            // float32 rounding may make a tie of a near tie, never an order.
            Assert.True((perturbed.max(-1).values == perturbed[.., drawn]).all().item<bool>());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Bool)]
    public void TheValueMayHaveAnyRealDtype(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Generator one = new(1), other = new(1);
        var (logProbs, value) = (zeros(2, 3).log_softmax(-1), eye(3)[..2]);
        var perturbed = Gumbel.PerturbGiven(logProbs, value.to(dtype), 2, one);
        Assert.Equal(ScalarType.Float32, perturbed.dtype);
        Assert.True(perturbed.equal(Gumbel.PerturbGiven(logProbs, value, 2, other)).all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void WhatIsDrawnCarriesNoGradient(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var q = new OneHotCategorical(zeros([2, 3], dtype: dtype).requires_grad_());
        Assert.True(q.LogProbs.requires_grad);
        Assert.False(Gumbel.Perturb(q.LogProbs).requires_grad);
        Assert.False(Gumbel.PerturbGiven(q.LogProbs, q.Mode(), 2).requires_grad);
        Assert.False(q.Sample().requires_grad);
        Assert.False(q.Mode().requires_grad);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        var logProbs = zeros(2, 3);
        Assert.Contains("[3, 2]; expected the shape of the logits, [2, 3]",
            Assert.Throws<ArgumentException>(() => Gumbel.PerturbGiven(logProbs, zeros(3, 2), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("samples is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Gumbel.PerturbGiven(logProbs, zeros(2, 3), 0)).Message, StringComparison.Ordinal);
    }
}
