using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>The local expectation against enumeration.</summary>
public sealed class LocalExpectationTests
{
    public static TheoryData<string> Problems => [nameof(Problem.One), nameof(Problem.Binary), nameof(Problem.Two), nameof(Problem.Masked)];

    private static Problem Get(string name) => (Problem)typeof(Problem).GetProperty(name)!.GetValue(null)!;

    [Theory, MemberData(nameof(Problems))]
    public void ItsMeanOverAllOutcomesIsTheExactGradient(string name)
    {
        using var scope = NewDisposeScope();
        var problem = Get(name);
        var (mean, outcomes) = (zeros_like(problem.Theta), Outcomes(problem));
        var distribution = new OneHotCategorical(problem.Theta, problem.Mask);
        foreach (var value in outcomes.unbind(0))
            mean.Accumulate(LocalExpectation.Of(distribution, value, problem.Cost) * distribution.LogProb(value).sum().exp());
        Near(problem.Exact(), mean);
    }

    // f = Σ_v h_v(D_v): the other variables do not matter.
    [Fact]
    public void ItIsExactWhereTheCostIsASum()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Two.Theta;
        Tensor Cost(Tensor value) => (value * value.exp() * theta.cos()).sum([-2, -1]);
        foreach (var value in Outcomes(Problem.Two).unbind(0))
            Near(ExactGradient.Of(theta, Cost), LocalExpectation.Of(new(theta), value, Cost));
    }

    [Fact]
    public void EveryExampleHasItsOwn_HoweverManyEvaluationsAreMadeAtOnce()
    {
        foreach (var shape in (long[][])[[3, 2, 4], [2, 3, 2, 5], [2000, 4, 40], [4, 1]])
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(1);
            var theta = randn(shape, dtype: ScalarType.Float64, generator: generator);
            var weights = randn(shape, dtype: ScalarType.Float64, generator: generator);
            var (distribution, batch) = (new OneHotCategorical(theta), shape.Length == 4 ? 2 : 1);
            var value = distribution.Sample(generator);
            Tensor Cost(Tensor values) => (values * weights).flatten(batch + 1).sum(-1).sin();
            var actual = LocalExpectation.Of(distribution, value, Cost);
            // By the definition, one category of one variable of one example.
            var flat = value.reshape([.. shape[..batch], -1, shape[^1]]);
            for (var variable = 0; variable < flat.shape[batch]; variable += 1 + (int)flat.shape[batch] / 3)
            {
                var costs = stack([.. Enumerable.Range(0, (int)shape[^1]).Select(category =>
                {
                    var moved = flat.clone();
                    moved.select(batch, variable).zero_().select(-1, category).fill_(1);
                    return Cost(moved.reshape(shape).unsqueeze(0)).squeeze(0);
                })], -1);
                var probs = distribution.Probs.reshape(flat.shape).select(batch, variable);
                Near(probs * (costs - (probs * costs).sum(-1, keepdim: true)), actual.reshape(flat.shape).select(batch, variable));
            }
        }
    }

    [Fact]
    public void TheLossIsTheCost_AndItsGradientThatOfTheExpectationAndOfWhatTheCostDependsOn()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Two.Theta.expand(20, 2, 4).clone().requires_grad_();
        var scale = tensor(1.5, dtype: ScalarType.Float64, requires_grad: true);
        var distribution = new OneHotCategorical(theta);
        using var generator = new Generator(3);
        using var again = new Generator(3);
        Tensor Cost(Tensor value) => Problem.Two.Cost(value.flatten(0, 1)).reshape(value.shape[0], -1) * scale;
        var loss = LocalExpectation.Loss(distribution, Cost, generator);
        var value = distribution.Sample(again);
        Near(Cost(value.unsqueeze(0)).squeeze(0), loss);
        loss.sum().backward();
        Near(LocalExpectation.Of(distribution, value, Cost), theta.grad!);
        Near((Cost(value.unsqueeze(0)) / scale).sum(), scale.grad!);
        using var _ = no_grad();
        Assert.False(LocalExpectation.Loss(distribution, Cost).requires_grad);
    }

    [Fact]
    public void ASecondDerivativeIsRefused()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Two.Theta.expand(5, 2, 4).clone().requires_grad_();
        var loss = LocalExpectation.Loss(new OneHotCategorical(theta), value => (value * value.exp()).sum([-2, -1]).sin());
        var first = autograd.grad([loss.sum()], [theta], retain_graph: true, create_graph: true)[0];
        var error = Assert.ThrowsAny<Exception>(() => first.Squared().sum().backward());
        Assert.Contains("second derivative through a sampled value", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A value may be of truth values or of whole numbers, and the numbers are those of the logits' dtype.</summary>
    [Theory]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float64)]
    public void AValueMayHaveAnyRealDtype(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Two.Theta.to(ScalarType.Float32);
        var value = new OneHotCategorical(theta).Mode();
        var expected = LocalExpectation.Of(new(theta), value, Cost);
        var actual = LocalExpectation.Of(new(theta), value.to(dtype), Cost);
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.True(expected.equal(actual).all().item<bool>());

        static Tensor Cost(Tensor values) => (values * values.exp()).sum([-2, -1]).sin();
    }

    [Fact]
    public void AMaskedCategoryOfInfiniteCostIsLeftOut()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.Masked.Theta.expand(30, 3, 4).clone().requires_grad_();
        var mask = Problem.Masked.Mask!.expand(30, 3, 4);
        Tensor Cost(Tensor value) => where(mask, 0, value / 0.0).nan_to_num(0, double.PositiveInfinity).sum([-2, -1]) + value.sum([-2, -1]).sin() + (value * theta.detach()).sum([-2, -1]);
        var loss = LocalExpectation.Loss(new OneHotCategorical(theta, mask), Cost);
        loss.sum().backward();
        Assert.True(theta.grad!.isfinite().all().item<bool>());
        Assert.Equal(0, theta.grad!.masked_select(mask.logical_not()).abs().sum().item<double>());
        Assert.True(theta.grad!.abs().sum().item<double>() > 0);
    }

    [Fact]
    public void TheLossIsTheCostOfTheValueHoweverMuchAnotherCosts()
    {
        using var scope = NewDisposeScope();
        var theta = zeros(20, 1, 3, dtype: ScalarType.Float64, requires_grad: true);
        using var generator = new Generator(3);
        using var again = new Generator(3);
        var loss = LocalExpectation.Loss(new OneHotCategorical(theta), Cost, generator);
        var value = new OneHotCategorical(theta).Sample(again);
        Assert.InRange(value.sum(dim: 0)[0, 2].item<double>(), 1, 19);
        Assert.True(loss.equal(Cost(value.unsqueeze(0))[0]).all().item<bool>());

        // Infinite at the third category.
        static Tensor Cost(Tensor values) =>
            values.select(-1, 1).masked_fill(values.select(-1, 2) > 0, double.PositiveInfinity).squeeze(-1);
    }

    [Fact]
    public void NothingToDrawGivesNothing()
    {
        foreach (var shape in (long[][])[[0, 3, 4], [0, 4], [5, 0, 4]])
        {
            using var scope = NewDisposeScope();
            var theta = zeros(shape).requires_grad_();
            var loss = LocalExpectation.Loss(new OneHotCategorical(theta), values => values.flatten(2).sum(-1));
            Assert.Equal(shape[..1], loss.shape);
            loss.sum().backward();
            Assert.Equal(shape, theta.grad!.shape);
        }
    }

    [Fact]
    public void ACostOfAnotherShapeIsNamed()
    {
        using var scope = NewDisposeScope();
        var q = new OneHotCategorical(zeros(4, 2, 3).requires_grad_());
        foreach (var cost in (Func<Tensor, Tensor>[])[value => value.sum(), value => value.sum([0, 2, 3]), value => value[0].sum([1, 2])])
            Assert.Contains("the cost has shape", Assert.Throws<ArgumentException>(() => LocalExpectation.Loss(q, cost)).Message, StringComparison.Ordinal);
        Assert.Contains("for 4 evaluations", Assert.Throws<ArgumentException>(() => LocalExpectation.Loss(q, value => value[..1].sum([2, 3]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStudiesTakeItAsAReference()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Two;
        var estimator = new StraightThrough();
        Tensor Gradient(IGradientEstimator one, Generator generator)
        {
            var theta = problem.Theta.unsqueeze(0).requires_grad_();
            var node = one.Sample(new OneHotCategorical(theta), generator);
            SurrogateLoss.Parallel(problem.Cost(node.Value), [node]).sum().backward();
            return theta.grad!;
        }
        Tensor Reference(Generator generator)
        {
            var theta = problem.Theta.unsqueeze(0).requires_grad_();
            LocalExpectation.Loss(new OneHotCategorical(theta), value => problem.Cost(value.squeeze(1)).unsqueeze(1), generator).sum().backward();
            return theta.grad!;
        }
        var study = new GradientStudy(Gradient) { Draws = 2000 };
        var (exact, drawn) = (study.Compare([estimator], problem.Exact())[0], study.Compare([estimator], Reference)[0]);
        // The same draws: only the reference's noise is between them, which is in the error of the second.
        Assert.InRange(Math.Abs(exact.SquaredBias!.Value.Value - drawn.SquaredBias!.Value.Value), 1e-9, 5 * drawn.SquaredBias!.Value.Error);
        var temperatures = new TemperatureStudy(Gradient) { Draws = 400 };
        var (a, b) = (temperatures.Measure(t => new StraightThrough(t), [0.5, 1, 2], problem.Exact()), temperatures.Measure(t => new StraightThrough(t), [0.5, 1, 2], Reference));
        for (var i = 0; i < 3; i++)
            Assert.InRange(Math.Abs(a.MeanSquaredErrors[i].Value - b.MeanSquaredErrors[i].Value), 1e-9, 5 * b.MeanSquaredErrors[i].Error);
    }

    private static Tensor Outcomes(Problem problem)
    {
        var (variables, arity) = (problem.Theta.shape[0], problem.Theta.shape[1]);
        var all = ExactGradient.Joint(variables, arity).to(ScalarType.Float64);
        if (problem.Mask is not { } mask) return all;
        // A row without a category has one outcome, zeros.
        var rows = mask.any(-1, keepdim: true);
        var first = zeros_like(mask);
        first.select(-1, 0).fill_(true);
        var open = where(rows, mask, first);
        return all[(all * open).sum(-1).amin([-1]) > 0] * rows;
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).abs().max().item<double>(), 0, 1e-12);
}
