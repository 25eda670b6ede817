using DiscreteGradients.Backward;
using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Second-order straight-through and ReinMax, against enumeration, their formulas and each other.</summary>
public sealed class SecondOrderTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<int, int> Sizes => new() { { 1, 2 }, { 1, 7 }, { 2, 3 }, { 3, 4 } };

    [Theory, MemberData(nameof(Sizes))]
    public void TheWeightTakesAwayItsShareOfTheBiasOnQuadraticCosts(int variables, int arity)
    {
        using var scope = NewDisposeScope();
        var (theta, cost) = Quadratic(variables, arity);
        var exact = ExactGradient.Of(theta, cost);
        var bias = Mean(theta, cost, 0) - exact;
        Assert.True(bias.abs().max().item<double>() > 1e-3);
        foreach (var weight in (double[])[0.5, 1, 2])
            Near(exact + bias * (1 - weight), Mean(theta, cost, weight), Tolerance);
    }

    [Fact]
    public void EveryWeightIsUnbiasedOnLinearCosts()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([3, 4], ScalarType.Float64);
        var slopes = Everything.Logits([3, 4], ScalarType.Float64).flip(0);
        var exact = ExactGradient.Of(theta, Linear);
        foreach (var weight in (double[])[0, 0.3, 1, 2]) Near(exact, Mean(theta, Linear, weight), Tolerance);

        Tensor Linear(Tensor value) => (value * slopes).sum([1, 2]);
    }

    [Fact]
    public void TheGradientIsThatOfTheFormula()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            foreach (var shape in (long[][])[[40, 2], [40, 8], [17, 40], [30, 2, 5]])
            {
                using var scope = NewDisposeScope();
                foreach (var weight in (double[])[0, 0.5, 1, 2])
                {
                    var (value, g, actual, pi) = Draw(new SecondOrderStraightThrough(weight), shape, dtype);
                    var d = value - pi;
                    var expected = (1 - weight / 2) * Jacobian(pi, g) + weight / 2 * (g * d).sum(-1, keepdim: true) * d;
                    Near(expected, actual, dtype == ScalarType.Float32 ? 2e-6 : Tolerance);
                }
            }
        }
    }

    [Fact]
    public void WithoutWeightItIsStraightThrough()
    {
        using var scope = NewDisposeScope();
        Near(Draw(new StraightThrough(), [40, 6], ScalarType.Float64).Gradient, Draw(new SecondOrderStraightThrough(0), [40, 6], ScalarType.Float64).Gradient, 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(0.3)]
    public void ReinMaxIsThePublishedAlgorithm(double temperature)
    {
        foreach (var dtype in Everything.Dtypes)
        {
            using var scope = NewDisposeScope();
            var (value, g, actual, _) = Draw(new ReinMax(temperature), [40, 6], dtype);
            // Algorithm 2 of Liu et al., by autograd.
            var theta = Everything.Logits([40, 6], dtype).requires_grad_();
            var half = (value + (theta / temperature).softmax(-1)) / 2;
            var first = ((half.log() - theta).detach() + theta).softmax(-1);
            var second = 2 * first - theta.softmax(-1) / 2;
            (second * g).sum().backward();
            Near(theta.grad!, actual, dtype == ScalarType.Float32 ? 2e-6 : Tolerance);
        }
    }

    [Fact]
    public void ReinMaxAtOneIsTheSecondOrderEstimator()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in (long[][])[[40, 2], [40, 16], [40, 40]])
        {
            Near(Draw(new SecondOrderStraightThrough(), shape, ScalarType.Float64).Gradient,
                Draw(new ReinMax(), shape, ScalarType.Float64).Gradient, 4e-16 * 10);
        }
    }

    [Fact]
    public void GumbelRaoTendsToItAsTheTemperatureFalls()
    {
        using var scope = NewDisposeScope();
        var limit = Draw(new SecondOrderStraightThrough(), [60, 5], ScalarType.Float64).Gradient;
        double Distance(double temperature) =>
            (Draw(new GumbelRaoExact(temperature), [60, 5], ScalarType.Float64).Gradient - limit).norm().item<double>() / limit.norm().item<double>();
        // The difference is of the first order in τ.
        Assert.InRange(Distance(0.01), 0, 0.01);
        Assert.InRange(Distance(0.02) / Distance(0.01), 1.8, 2.2);
    }

    /// <summary>The mean over all joint outcomes of the map's gradient, [V, n], float64.</summary>
    private static Tensor Mean(Tensor theta, Func<Tensor, Tensor> cost, double weight)
    {
        var outcomes = ExactGradient.Joint(theta.shape[0], theta.shape[1]).to(ScalarType.Float64).requires_grad_();
        var probs = (theta.log_softmax(-1) * outcomes.detach()).sum([1, 2]).exp();
        var g = autograd.grad([cost(outcomes).sum()], [outcomes])[0];
        var product = new SecondOrder(1 - weight / 2, weight / 2).Product([theta.softmax(-1).expand_as(outcomes), outcomes.detach()], g);
        return (product * probs.reshape(-1, 1, 1)).sum(dim: 0);
    }

    private static (Tensor Theta, Func<Tensor, Tensor> Cost) Quadratic(int variables, int arity)
    {
        using var generator = new Generator(5);
        var size = variables * arity;
        var matrix = randn([size, size], dtype: ScalarType.Float64, generator: generator);
        var slopes = randn([size], dtype: ScalarType.Float64, generator: generator);
        return (randn([variables, arity], dtype: ScalarType.Float64, generator: generator),
            value => ((value.flatten(1).matmul(matrix) + slopes) * value.flatten(1)).sum(1));
    }

    private static (Tensor Value, Tensor CostGradient, Tensor Gradient, Tensor Probs) Draw(IGradientEstimator estimator, long[] shape, ScalarType dtype)
    {
        using var generator = new Generator(8);
        var theta = Everything.Logits(shape, dtype).requires_grad_();
        var g = Everything.Logits(shape, dtype).sin();
        var value = theta.SampleOneHot(estimator, generator);
        (value * g).sum().backward();
        return (value.detach(), g, theta.grad!, theta.detach().softmax(-1));
    }

    private static Tensor Jacobian(Tensor s, Tensor g) => s * (g - (s * g).sum(-1, keepdim: true));

    private static void Near(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected - actual).abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance);
}
