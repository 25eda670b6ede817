using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Shapes, dtypes, extremes, modes of autograd, memory and determinism of every estimator.</summary>
public sealed class RobustnessTests
{
    internal static IEnumerable<IGradientEstimator> All(double temperature) =>
        Everything.Estimators(temperature).Append(new GumbelRao(200, temperature));

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(10)]
    public void GradientsAreFiniteSumToZeroAndIgnoreAConstantInTheLogits(double temperature)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            foreach (var shape in (long[][])[[3], [4, 2], [2, 3, 5], [2, 1, 3, 1], [5, 40]])
            {
                foreach (var estimator in All(temperature))
                {
                    using var scope = NewDisposeScope();
                    var (value, gradient) = Gradient(estimator, shape, dtype, 0);
                    Assert.Equal(dtype, value.dtype);
                    Assert.Equal(shape, value.shape);
                    Assert.Equal(shape, gradient.shape);
                    Assert.True(gradient.isfinite().all().item<bool>(), $"{estimator} {dtype}");
                    var scale = 1 + gradient.abs().max().to(ScalarType.Float64).item<double>();
                    var eps = dtype == ScalarType.Float32 ? 2e-5 : 1e-12;
                    Assert.True(gradient.sum(-1).abs().max().to(ScalarType.Float64).item<double>() < eps * scale, $"{estimator} {dtype}: the gradient does not sum to 0");
                    if (dtype == ScalarType.Float32) continue;
                    var (_, shifted) = Gradient(estimator, shape, dtype, 4);
                    Assert.True((shifted - gradient).abs().max().item<double>() < 1e-9 * scale, $"{estimator}: a constant in θ matters");
                }
            }
        }
    }

    /// <summary>Logits from −50 to 50, the last axis of <paramref name="shape"/> the categories.</summary>
    internal static (Tensor Value, Tensor Gradient) Gradient(IGradientEstimator estimator, long[] shape, ScalarType dtype, double shift)
    {
        using var generator = new Generator(1);
        var theta = ((rand(shape, dtype: ScalarType.Float64, generator: generator) * 100 - 50) + shift).to(dtype).requires_grad_();
        var weights = randn(shape, dtype: dtype, generator: generator);
        var node = estimator.Sample(new OneHotCategorical(theta), generator);
        var cost = shape.Length == 1 ? (node.Value * weights).sum() : (node.Value * weights).flatten(1).sum(1);
        SurrogateLoss.Parallel(cost, [node]).sum().backward();
        return (node.Value.detach(), theta.grad!);
    }

    [Fact]
    public void MaskedCategoriesAreNeverDrawnAndGetNoGradientEvenWhereTheCostIsInfinite()
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            foreach (var temperature in (double[])[0.01, 1])
            {
                foreach (var estimator in All(temperature))
                {
                    using var scope = NewDisposeScope();
                    using var generator = new Generator(2);
                    var theta = (randn([500, 3, 4], dtype: dtype, generator: generator) * 3).requires_grad_();
                    var mask = tensor(new[,] { { true, false, true, true }, { false, false, true, false }, { false, false, false, false } });
                    var node = estimator.Sample(new OneHotCategorical(theta, mask.expand(500, 3, 4)), generator);
                    // Autograd through x·log 0 would put an infinity at the masked categories.
                    var weights = where(mask, tensor(0.7, dtype: dtype), tensor(double.PositiveInfinity, dtype: dtype)) * arange(1, 5).to(dtype);
                    var cost = where(node.Value == 0, node.Value * where(mask, weights, 0), node.Value * weights).flatten(1).sum(1);
                    SurrogateLoss.Parallel(cost, [node]).sum().backward();
                    Assert.Equal(0, node.Value.masked_select(mask.logical_not()).abs().sum().to(ScalarType.Float64).item<double>());
                    Assert.True((node.Value.sum(-1).sub(mask.any(-1).to(dtype)).abs() < 1e-5).all().item<bool>());
                    Assert.True(theta.grad!.isfinite().all().item<bool>());
                    Assert.Equal(0, theta.grad!.masked_select(mask.logical_not()).abs().sum().to(ScalarType.Float64).item<double>());
                    Assert.Equal(0, theta.grad![TensorIndex.Colon, 1..].abs().max().to(ScalarType.Float64).item<double>(), 1e-12);
                    Assert.True(theta.grad![TensorIndex.Colon, 0].abs().max().to(ScalarType.Float64).item<double>() > 0);
                }
            }
        }
    }

    [Fact]
    public void ACostGradientThatIsInfiniteAtAMaskedCategoryIsLeftOut()
    {
        foreach (var estimator in All(0.5).Where(e => e is PathwiseEstimator and not GumbelSoftmax))
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3);
            var theta = randn([20, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
            var mask = tensor(new[] { true, true, false }).expand(20, 3);
            var node = estimator.Sample(new OneHotCategorical(theta, mask), generator);
            // d/dD √D at D = 0 is infinite in the masked column only.
            var cost = node.Value[.., 0] + node.Value[.., 2].sqrt();
            foreach (var loss in (Tensor[])[SurrogateLoss.Sequential(cost, [node]), SurrogateLoss.Parallel(cost, [node])])
                Assert.True(loss.equal(cost).all().item<bool>(), $"{estimator}: the loss is not the cost");
            SurrogateLoss.Parallel(cost, [node]).sum().backward();
            Assert.True(theta.grad!.isfinite().all().item<bool>(), estimator.ToString());
        }
    }

    [Fact]
    public void WithoutGradientsANodeIsItsValue()
    {
        foreach (var estimator in All(0.5))
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(6);
            var logits = randn([4, 3], generator: generator);
            var node = estimator.Sample(new OneHotCategorical(logits), generator);
            Assert.False(node.Value.requires_grad);
            Assert.Equal(estimator is Reinforce, node.Score is { requires_grad: false });
            Assert.Null(node.Relaxation);
            using var _ = no_grad();
            var silent = estimator.Sample(new OneHotCategorical(logits.requires_grad_()), generator);
            Assert.False(silent.Value.requires_grad);
            var cost = silent.Value.sum(-1);
            Assert.True(SurrogateLoss.Parallel(cost, [silent, node]).allclose(cost));
            Assert.True(SurrogateLoss.Sequential(cost, [silent, node]).allclose(cost));
        }
    }

    [Fact]
    public void ASecondDerivativeIsRefusedWithAnErrorThatSaysSo()
    {
        foreach (var estimator in All(0.5))
        {
            foreach (var byGrad in (bool[])[true, false])
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator(5);
                var theta = randn([4, 2, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
                var node = estimator.Sample(new OneHotCategorical(theta), generator);
                var other = estimator.Sample(new OneHotCategorical(theta * 2), generator);
                var cost = (node.Value + other.Value).Squared().sum([1, 2]) * theta.sum([1, 2]);
                var loss = SurrogateLoss.Parallel(cost, [node, other]).sum();
                var plain = autograd.grad([loss], [theta], retain_graph: true)[0];
                var first = autograd.grad([loss], [theta], retain_graph: true, create_graph: true)[0];
                Assert.True(first.allclose(plain, 1e-14, 1e-14), $"{estimator}: the first derivative, recorded for a second");
                var error = Assert.ThrowsAny<Exception>(() =>
                {
                    if (byGrad) autograd.grad([first.Squared().sum()], [theta]);
                    else first.Squared().sum().backward();
                });
                Assert.Contains("second derivative through a sampled value", error.Message, StringComparison.Ordinal);
                Assert.Equal(3, ones(3).sum().ToSingle());
            }
        }
    }

    [Fact]
    public void TheGradientArrivesWhereTheLogitsAreDisposedToo()
    {
        foreach (var estimator in All(0.5))
        {
            using var scope = NewDisposeScope();
            var theta = Everything.Logits([4, 2, 3], ScalarType.Float64).requires_grad_();
            var logits = theta * 2;
            var (kept, left) = (new OneHotCategorical(logits), new OneHotCategorical(theta * 2));
            using (var generator = new Generator(1)) Backward(estimator.Sample(left, generator));
            var expected = theta.grad!;
            theta.grad = null;
            logits.Dispose();
            using (var generator = new Generator(1)) Backward(estimator.Sample(kept, generator));
            Assert.True(expected.allclose(theta.grad!, rtol: 0, atol: 1e-14), $"{estimator}");

            static void Backward(StochasticNode node) => SurrogateLoss.Parallel(node.Value.Squared().sum([1, 2]), [node]).sum().backward();
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameBits()
    {
        foreach (var estimator in All(0.5))
        {
            using var scope = NewDisposeScope();
            foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
            {
                var (a, b) = (Gradient(estimator, [6, 3, 8], dtype, 0), Gradient(estimator, [6, 3, 8], dtype, 0));
                Assert.Equal(a.Value.bytes.ToArray(), b.Value.bytes.ToArray());
                Assert.Equal(a.Gradient.bytes.ToArray(), b.Gradient.bytes.ToArray());
            }
        }
    }

    [Fact]
    public void DifferentStatesOfTheGeneratorGiveDifferentDraws()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var q = new OneHotCategorical(zeros(200, 3));
        foreach (var estimator in All(0.5))
            Assert.False(estimator.Sample(q, generator).Value.allclose(estimator.Sample(q, generator).Value));
    }

    [Fact]
    public void BadSettingsAreNamed()
    {
        foreach (var bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.Contains("temperature is", Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelSoftmax(bad)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => new StraightThrough() with { Temperature = bad });
        }
        foreach (var bad in (double[])[-0.1, 2.1, double.NaN])
            Assert.Contains("weight is", Assert.Throws<ArgumentOutOfRangeException>(() => new SecondOrderStraightThrough(bad)).Message, StringComparison.Ordinal);
        Assert.Contains("samples is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelRao(0, 0.5)).Message, StringComparison.Ordinal);
        using var scope = NewDisposeScope();
        var node = new StraightThrough().Sample(new OneHotCategorical(zeros([4, 3], requires_grad: true)));
        var error = Assert.Throws<ArgumentException>(() => SurrogateLoss.Parallel(zeros(3), [node]));
        Assert.Contains("the value of node 0 has shape [4, 3]; expected leading axes [3]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SurrogateLoss.Sequential([zeros(4), zeros(4)], [node]));
    }
}
