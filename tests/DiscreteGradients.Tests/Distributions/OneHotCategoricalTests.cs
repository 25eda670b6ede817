using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Distributions;

public sealed class OneHotCategoricalTests
{
    private static Tensor Logits => tensor(new[,] { { 0.3, -0.8, 1.1 }, { 2.0, 2.0, -1.0 }, { 0.5, 0.1, 0.2 }, { 1, 2, 3 } });

    private static Tensor Mask => tensor(new[,] { { true, true, true }, { true, false, true }, { false, true, false }, { false, false, false } });

    [Fact]
    public void ProbabilitiesAreTheSoftmaxOverWhatIsAllowed()
    {
        using var scope = NewDisposeScope();
        var z = Math.Exp(2) + Math.Exp(-1);
        var expected = tensor(new[,] { { 0, 0, 0 }, { Math.Exp(2) / z, 0, Math.Exp(-1) / z }, { 0, 1, 0 }, { 0, 0, 0 } });
        expected[0] = Logits[0].softmax(0);
        Assert.True(new OneHotCategorical(Logits, Mask).Probs.allclose(expected, 1e-14, 1e-14));
    }

    /// <summary>The mask is the one that was given: a logit of −∞ masks too, but is none.</summary>
    [Fact]
    public void TheMaskIsTheOneThatWasGiven()
    {
        using var scope = NewDisposeScope();
        var infinite = tensor(new[,] { { 0.3, double.NegativeInfinity, 1 }, { double.NegativeInfinity, 2, 0 } });
        Assert.Null(new OneHotCategorical(infinite).Mask);
        var mask = tensor(new[,] { { true, true, false }, { true, true, true } });
        var q = new OneHotCategorical(infinite, mask);
        Assert.True(q.Mask!.equal(mask).all().item<bool>());
        Assert.Equal([1, 2], (q.Probs > 0).sum(-1).data<long>().ToArray());
    }

    [Fact]
    public void TheMaskStaysWhatItWas_WhateverBecomesOfTheCallers()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[,] { { true, false, true }, { false, true, true } });
        var before = mask.clone();
        var q = new OneHotCategorical(zeros(2, 3), mask);
        mask.logical_and_(zeros_like(mask));
        Assert.True(q.Mask!.equal(before).all().item<bool>());
        q.Mask!.logical_and_(zeros_like(mask));
        Assert.True(q.Mask!.equal(before).all().item<bool>());
    }

    // 0.25 each against 1/3 each of the first three: ¾ log(¾) and a quarter of 10⁹ − log 4.
    [Fact]
    public void ACategoryThatOnlyTheOtherMasksCountsWithItsLogProbability()
    {
        using var scope = NewDisposeScope();
        var (all, three) = (zeros(4, dtype: ScalarType.Float64), tensor(new[] { true, true, true, false }));
        var divergence = new OneHotCategorical(all).KL(new OneHotCategorical(all, three)).item<double>();
        Assert.Equal(0.75 * Math.Log(0.75) + 0.25 * (1e9 - Math.Log(4)), divergence, 1e-6);
    }

    [Fact]
    public void MeasuresMatchTheirDefinitions()
    {
        using var scope = NewDisposeScope();
        var q = new OneHotCategorical(Logits, Mask);
        var p = new OneHotCategorical(Logits.flip(1));
        var entropy = new double[4];
        var divergence = new double[4];
        for (var row = 0; row < 4; row++)
        {
            for (var k = 0; k < 3; k++)
            {
                var probability = q.Probs[row, k].item<double>();
                if (probability == 0) continue;
                entropy[row] -= probability * Math.Log(probability);
                divergence[row] += probability * (Math.Log(probability) - p.LogProbs[row, k].item<double>());
            }
        }
        Assert.True(q.Entropy().allclose(tensor(entropy), 1e-13, 1e-13));
        Assert.True(q.KL(p).allclose(tensor(divergence), 1e-13, 1e-13));
        Assert.True(q.LogProb(q.Mode()).allclose(tensor(new[] { q.LogProbs[0, 2].item<double>(), q.LogProbs[1, 0].item<double>(), 0, 0 })));
        Assert.True(q.Mode().equal(tensor(new double[,] { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0 } })).all().item<bool>());
    }

    // ∂KL/∂θ_k = p_k (log p_k/q_k − KL) of the first, and q_k − p_k of the second.
    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.Float64, 1e-13)]
    public void ADivergenceHasTheGradientsOfBothDistributions(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var first = tensor(new double[,] { { 1, -0.5, 2 }, { 0, 0.3, -1 } }).to(dtype).requires_grad_();
        var second = tensor(new double[,] { { 0.2, 1, -1 }, { 2, 0, 0.5 } }).to(dtype).requires_grad_();
        var (p, q) = (new OneHotCategorical(first), new OneHotCategorical(second));
        var divergence = p.KL(q);
        divergence.sum().backward();
        var ofFirst = p.Probs * (p.LogProbs - q.LogProbs - divergence.unsqueeze(-1));
        Assert.True(first.grad!.allclose(ofFirst, tolerance, tolerance));
        Assert.True(second.grad!.allclose(q.Probs - p.Probs, tolerance, tolerance));
    }

    /// <summary>A prior that all examples share gets the sum of their gradients.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.Float64, 1e-13)]
    public void ADivergenceFromASharedDistributionHasTheSumOfItsGradients(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var p = new OneHotCategorical(tensor(new double[,] { { 1, -0.5, 2 }, { 0, 0.3, -1 }, { 0.4, 0.2, 0.9 } }).to(dtype));
        var shared = tensor(new[] { 0.2, 1, -1 }).to(dtype).requires_grad_();
        var q = new OneHotCategorical(shared);
        var divergence = p.KL(q);
        Assert.True(divergence.allclose(p.KL(new OneHotCategorical(shared.detach().expand(3, 3))), tolerance, tolerance));
        divergence.sum().backward();
        Assert.True(shared.grad!.allclose((q.Probs - p.Probs).sum(dim: 0), tolerance, tolerance));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void OfEqualsTheModeIsTheFirst(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new double[,] { { 1, 3, 3, 0 }, { 2, 2, 2, 2 }, { -1, 0, 5, 5 } }).to(dtype);
        Assert.Equal([1, 0, 2], new OneHotCategorical(logits).Mode().argmax(-1).data<long>().ToArray());
    }

    // Float32 takes our kernels, float64 libtorch: first and second derivatives of a score, an entropy and a divergence agree.
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void DerivativesAreThoseOfPlainOperations(int categories)
    {
        using var scope = NewDisposeScope();
        var start = Scalars.Range(0, 5 * categories, ScalarType.Float64).mul(tensor(0.7)).sin().reshape(5, categories);
        var (single, twice) = (Derivatives(start.to(ScalarType.Float32)), Derivatives(start));
        for (var i = 0; i < 2; i++) Assert.True(single[i].to(ScalarType.Float64).allclose(twice[i], 1e-5, 1e-5), $"derivative {i + 1}");

        Tensor[] Derivatives(Tensor logits)
        {
            var theta = logits.requires_grad_();
            var q = new OneHotCategorical(theta);
            var weights = logits.detach().flip(0);
            var total = (q.LogProb(q.Mode()) + q.Entropy() + q.KL(new OneHotCategorical(weights))).sum() + (q.LogProbs * weights).sum();
            var first = autograd.grad([total], [theta], retain_graph: true, create_graph: true)[0];
            return [first, autograd.grad([(first * first).sum()], [theta], retain_graph: true)[0]];
        }
    }

    // The value's way to the logits leaves out log p: that node then has no gradient to pass on.
    [Fact]
    public void ANodeWithoutAGradientPassesNone()
    {
        using var scope = NewDisposeScope();
        var theta = zeros(4, 3).requires_grad_();
        Tensor value;
        using (NewDisposeScope())
        {
            // The way of a sample, of a score and of a value differentiable once: each with a node of our own that gets no gradient.
            var q = new OneHotCategorical(theta);
            var ways = Nothing.Pass(LogSoftmax.Of(theta)).Plus(Nothing.Pass(new GumbelRao(2, 0.5).Sample(q).Value))
                .Plus(Nothing.Pass(q.LogProb(q.Mode())).unsqueeze(-1)).Plus(Nothing.Pass(FirstDerivativeOnly.Apply(theta)));
            value = ways.sub(ways.detach()).Plus(theta).MoveToOuterDisposeScope();
        }
        value.sum().backward();
        Assert.True(theta.grad!.equal(ones(4, 3)).all().item<bool>());
    }

    private sealed class Nothing : autograd.SingleTensorFunction<Nothing>
    {
        public override string Name => nameof(Nothing);

        public static Tensor Pass(Tensor tensor) => apply(tensor);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [null!];
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void SamplesFollowTheProbabilities(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        const int Draws = 200_000;
        var q = new OneHotCategorical(Logits.to(dtype).expand(Draws, 4, 3), Mask.expand(Draws, 4, 3));
        var value = q.Sample(generator).to(ScalarType.Float64);
        var probs = q.Probs[0].to(ScalarType.Float64);
        Assert.True(((value == 0) | (value == 1)).all().item<bool>());
        // 5 standard errors an element: false alarm 5.7e-7; exact where the probability is 0 or 1.
        var error = (value.mean([0]) - probs).abs();
        Assert.True((error <= 5 * (probs * (1 - probs) / Draws).sqrt() + 1e-15).all().item<bool>());
    }

    [Fact]
    public void EntropyAndLogProbabilityHaveFiniteGradientsWhereMasked()
    {
        using var scope = NewDisposeScope();
        var theta = Logits.requires_grad_();
        var q = new OneHotCategorical(theta, Mask);
        (q.Entropy().sum() + q.LogProb(q.Mode()).sum() + q.KL(new OneHotCategorical(zeros(4, 3, dtype: ScalarType.Float64))).sum()).backward();
        Assert.True(theta.grad!.isfinite().all().item<bool>());
        Assert.Equal(0, theta.grad!.masked_select(Mask.logical_not()).abs().sum().item<double>());
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        static string Message(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
        Assert.Contains("mask has shape [2, 3]; expected one that broadcasts to that of logits, [2, 4]", Message(() => new OneHotCategorical(zeros(2, 4), ones(2, 3, dtype: ScalarType.Bool))), StringComparison.Ordinal);
        Assert.Contains("mask has dtype Float32; expected Bool", Message(() => new OneHotCategorical(zeros(2, 4), ones(2, 4))), StringComparison.Ordinal);
        Assert.Contains("logits has dtype Int64", Message(() => new OneHotCategorical(zeros(2, dtype: ScalarType.Int64))), StringComparison.Ordinal);
        Assert.Contains("scalar", Message(() => new OneHotCategorical(tensor(1.0))), StringComparison.Ordinal);
        Assert.Contains("at least one category", Message(() => new OneHotCategorical(zeros(2, 0))), StringComparison.Ordinal);
        Assert.Contains("value has shape [3]; expected the shape of the logits, [2, 3]", Message(() => new OneHotCategorical(zeros(2, 3)).LogProb(zeros(3))), StringComparison.Ordinal);
    }
}
