using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Tests.Statistics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Values and gradients of the estimators of one softmax, in float32, against the formulas in float64: rows for our kernels
/// (4, 32 categories) and for libtorch (33).</summary>
public sealed class TemperedSoftmaxTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(33)]
    public void GumbelSoftmaxIsTheTemperedSoftmaxOfItsNoise(int categories)
    {
        using var scope = NewDisposeScope();
        var (theta, cost) = Numbers(categories);
        using var first = new Generator(2);
        using var second = new Generator(2);
        var value = theta.SampleOneHot(new GumbelSoftmax(0.3), first);
        (value * cost).sum().backward();
        var soft = (Gumbel.Perturb(theta.detach().log_softmax(-1), second).to(float64) / 0.3).softmax(-1);
        Assert.True(value.to(float64).allclose(soft, 1e-5, 1e-6));
        Assert.True(theta.grad!.to(float64).allclose(Product(soft, cost, 0.3), 1e-4, 1e-5));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(33)]
    public void StraightThroughHasTheJacobianOfTheTemperedProbabilities(int categories)
    {
        using var scope = NewDisposeScope();
        var (theta, cost) = Numbers(categories);
        (theta.SampleOneHot(new StraightThrough(0.3)) * cost).sum().backward();
        var soft = (theta.detach().to(float64) / 0.3).softmax(-1);
        Assert.True(theta.grad!.to(float64).allclose(Product(soft, cost, 0.3), 1e-4, 1e-5));
    }

    /// <summary>The log-softmax of rows in two axes, of which the last is normalised, twice differentiated.</summary>
    [Fact]
    public void TheSecondDerivativeOfALogProbabilityGoesAlongTheLastAxis()
    {
        using var scope = NewDisposeScope();
        var (theta, cost) = Numbers(4);
        var twice = theta.detach().to(float64).requires_grad_();
        Assert.True(Second(theta, new OneHotCategorical(theta).LogProbs).to(float64).allclose(Second(twice, twice.log_softmax(-1)), 1e-4, 1e-5));

        Tensor Second(Tensor logits, Tensor logProbs)
        {
            var gradient = autograd.grad([(logProbs * cost).sum()], [logits], create_graph: true, retain_graph: true)[0];
            return autograd.grad([(gradient * gradient).sum()], [logits])[0];
        }
    }

    /// <summary>A masked category takes nothing from the open ones, and a row of masked ones has no weights.</summary>
    [Theory]
    [InlineData(4, 1e9)]
    [InlineData(33, 1e9)]
    [InlineData(4, 1e60)]
    [InlineData(33, 1e60)]
    public void AMaskedCategoryHasNoWeightHoweverHighTheTemperature(int categories, double temperature)
    {
        foreach (var dtype in Everything.Dtypes)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(6);
            var mask = stack([arange(categories) < 2, arange(categories) < 0]);
            var halves = mask.to(dtype) / 2;
            var soft = Sample(new GumbelSoftmax(temperature), zeros(2, categories, dtype: dtype));
            Assert.True(soft.allclose(halves, 1e-6, 0), $"{dtype}");
            if (temperature > 1e9) continue;
            var cost = randn(2, categories, dtype: dtype, generator: generator);
            foreach (var estimator in (PathwiseEstimator[])[new StraightThrough(1e9), new StraightThroughGumbelSoftmax(1e9)])
            {
                var theta = zeros(2, categories, dtype: dtype, requires_grad: true);
                (Sample(estimator, theta) * cost).sum().backward();
                Assert.True(theta.grad!.allclose(Product(halves, cost, 1e9), 1e-4, 1e-15), $"{estimator} {dtype}");
            }

            Tensor Sample(PathwiseEstimator estimator, Tensor logits) =>
                estimator.Sample(new OneHotCategorical(logits, mask), generator).Value;
        }
    }

    private static (Tensor Logits, Tensor Cost) Numbers(int categories)
    {
        using var generator = new Generator(5);
        return (randn(3, 5, categories, generator: generator).requires_grad_(), randn(3, 5, categories, generator: generator));
    }

    private static Tensor Product(Tensor soft, Tensor gradient, double temperature) =>
        soft * (gradient - (soft * gradient).sum(-1, keepdim: true)) / temperature;
}
