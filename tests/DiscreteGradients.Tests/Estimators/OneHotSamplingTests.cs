using DiscreteGradients.Tests.Estimators;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The drop-in call against the call that it stands for.</summary>
public sealed class OneHotSamplingTests
{
    private static IEnumerable<IGradientEstimator> Estimators =>
        RobustnessTests.All(0.5).Where(estimator => estimator is not Reinforce);

    [Theory, InlineData(false), InlineData(true)]
    public void GivesTheValueAndTheGradientOfTheLoop(bool masked)
    {
        foreach (var estimator in Estimators)
        {
            using var scope = NewDisposeScope();
            var problem = masked ? Problem.Masked : Problem.Two;
            var (value, gradient) = DropIn(problem, estimator);
            var (expectedValue, expectedGradient) = Loop(problem, estimator);
            Assert.True(value.equal(expectedValue).all().item<bool>(), $"{estimator}: another value");
            Assert.True(gradient.allclose(expectedGradient, 1e-12, 1e-12), $"{estimator}: another gradient");
            Assert.True(gradient.abs().max().item<double>() > 1e-6, $"{estimator}: no gradient");
        }
    }

    [Fact]
    public void AChainNeedsNothingMore()
    {
        foreach (var form in Enum.GetValues<GradientForm>())
        {
            using var scope = NewDisposeScope();
            var estimator = new GumbelRao(7, 0.4) { Form = form };
            var (a, b) = (Chain(false), Chain(true));
            Assert.True(a.allclose(b, 1e-12, 1e-12));

            Tensor Chain(bool dropIn)
            {
                using var generator = new Generator(4);
                var weight = randn([3, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
                var value = eye(3, dtype: ScalarType.Float64);
                List<StochasticNode> nodes = [];
                for (var step = 0; step < 3; step++)
                {
                    var logits = value.matmul(weight);
                    if (!dropIn) nodes.Add(estimator.Sample(new OneHotCategorical(logits), generator));
                    value = dropIn ? logits.SampleOneHot(estimator, generator) : nodes[^1].Value;
                }
                var cost = value.matmul(weight).sin().sum(-1);
                (dropIn ? cost : SurrogateLoss.Sequential(cost, nodes)).mean().backward();
                return weight.grad!;
            }
        }
    }

    [Fact]
    public void ReplacesGumbelSoftmaxHard()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var logits = randn([50, 6], generator: generator).requires_grad_();
        var value = logits.SampleOneHot(new StraightThroughGumbelSoftmax(0.5), generator);
        Assert.True(value.sum(-1).eq(1).all().item<bool>());
        Assert.True(value.eq(0).logical_or(value.eq(1)).all().item<bool>());
        value.Squared().sum().backward();
        Assert.True(logits.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void RefusesWhatNeedsTheCost()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(2, 3).requires_grad_();
        var refused = Assert.Throws<ArgumentException>(() => logits.SampleOneHot(new Reinforce()));
        Assert.Equal("estimator", refused.ParamName);
        Assert.Contains("SurrogateLoss", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => logits.SampleOneHot(new UsersScore()));
        Assert.Throws<ArgumentException>(() => logits.detach().SampleOneHot(new Reinforce()));
        Assert.Throws<ArgumentNullException>(() => logits.SampleOneHot(null!));
        Assert.Equal("mask", Assert.Throws<ArgumentException>(() => logits.SampleOneHot(new GumbelRao(2, 0.5), mask: ones(2, 2, dtype: ScalarType.Bool))).ParamName);
    }

    [Fact]
    public void WithoutGradientsItIsABareSample()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(2, 3).requires_grad_();
        using (no_grad()) Assert.False(logits.SampleOneHot(new GumbelRao(2, 0.5)).requires_grad);
        Assert.False(logits.detach().SampleOneHot(new GumbelRao(2, 0.5) { Form = GradientForm.Surrogate }).requires_grad);
    }

    /// <summary>A mask may be a logit of −∞, and the logits themselves the stand-in.</summary>
    [Fact]
    public void AnInfiniteRelaxationLeavesTheValueAsItWasDrawn()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0.5, double.NegativeInfinity, 0.1 }).unsqueeze(0).requires_grad_();
        var value = logits.SampleOneHot(new Identity(logits));
        Assert.Equal(1, value.sum().item<double>());
        (value * tensor(new double[] { 1, 2, 3 })).sum().backward();
        Assert.Equal([1, 2, 3], logits.grad!.data<double>().ToArray());
    }

    /// <summary>A straight-through estimator of a user's own, with the identity for its derivative.</summary>
    private sealed record Identity(Tensor Logits) : IGradientEstimator
    {
        public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null) =>
            StochasticNode.Relaxed(distribution.Sample(generator), Logits);
    }

    /// <summary>A score-function estimator of a user's own.</summary>
    private sealed record UsersScore : IGradientEstimator
    {
        public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
        {
            var value = distribution.Sample(generator);
            return StochasticNode.Scored(value, distribution.LogProb(value));
        }
    }

    private static (Tensor Value, Tensor Gradient) DropIn(Problem problem, IGradientEstimator estimator)
    {
        using var generator = new Generator(8);
        var theta = problem.Theta.unsqueeze(0).requires_grad_();
        var value = theta.SampleOneHot(estimator, generator, problem.Mask?.unsqueeze(0));
        problem.Cost(value).sum().backward();
        return (value, theta.grad!);
    }

    private static (Tensor Value, Tensor Gradient) Loop(Problem problem, IGradientEstimator estimator)
    {
        using var generator = new Generator(8);
        var theta = problem.Theta.unsqueeze(0).requires_grad_();
        var node = estimator.Sample(new OneHotCategorical(theta, problem.Mask?.unsqueeze(0)), generator);
        SurrogateLoss.Parallel(problem.Cost(node.Value), [node]).sum().backward();
        return (node.Value, theta.grad!);
    }
}
