using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>REINFORCE, draw by draw, against its equation: (f − b)(e_k − π).</summary>
public sealed class ScoreTests
{
    public static TheoryData<GradientForm, string> Ways => new(
        from form in Enum.GetValues<GradientForm>()
        from way in (string[])["parallel", "sequential", "costs"]
        select (form, way));

    [Theory, MemberData(nameof(Ways))]
    public void EachDrawIsTheCostLessTheBaselineTimesTheScore(GradientForm form, string way)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var theta = randn([50, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var node = new Reinforce { Form = form }.Sample(new OneHotCategorical(theta), generator);
        var weights = Scalars.Range(1, 5, ScalarType.Float64);
        var cost = (node.Value * weights).sum(-1).detach();
        var baseline = Scalars.Range(0, 50, ScalarType.Float64);
        var loss = Close(way, cost, node, baseline);
        loss.sum().backward();
        var expected = (cost - baseline).unsqueeze(1) * (node.Value - theta.detach().softmax(-1));
        Assert.True(theta.grad!.allclose(expected, 1e-12, 1e-12));
        Assert.True(loss.detach().allclose(cost, 0, 0), "the number is the cost");
    }

    /// <summary>The cost of a step is no news of the choices after it: it is credited to those before alone.</summary>
    [Theory]
    [InlineData(GradientForm.Autograd)]
    [InlineData(GradientForm.Surrogate)]
    public void ACostAStepIsCreditedToTheNodesUpToIt(GradientForm form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logits = Enumerable.Range(0, 3).Select(_ => randn([6, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_()).ToList();
        var distributions = logits.ConvertAll(theta => new OneHotCategorical(theta));
        var nodes = distributions.ConvertAll(q => new Reinforce { Form = form }.Sample(q, generator));
        var costs = Enumerable.Range(0, 3).Select(_ => randn(6, dtype: ScalarType.Float64, generator: generator)).ToList();
        var baseline = full(6, 0.3, dtype: ScalarType.Float64);
        SurrogateLoss.Sequential(costs, nodes, baseline).sum().backward();
        for (var t = 0; t < 3; t++)
        {
            var toGo = costs[t..].Aggregate((sum, cost) => sum + cost) - baseline;
            var expected = toGo.unsqueeze(-1) * (nodes[t].Value.detach() - distributions[t].Probs.detach());
            Assert.True(expected.allclose(logits[t].grad!, 1e-12, 1e-12), $"node {t}");
        }
    }

    [Theory]
    [InlineData(GradientForm.Autograd)]
    [InlineData(GradientForm.Surrogate)]
    public void ABaselineTakesFromTheVarianceWhatTheorySays(GradientForm form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const int Draws = 20_000;
        var logits = tensor(new[] { 0.3, -0.8, 1.1 });
        var costs = tensor(new[] { 5.0, 6, 4.5 });
        var p = logits.softmax(-1);
        foreach (var b in (double[])[0, 5])
        {
            // tr var = Σ_k p_k (f_k − b)² |e_k − π|² − |Σ_k p_k f_k (e_k − π)|².
            var scores = eye(3, dtype: ScalarType.Float64) - p;
            var expected = (p * (costs - b).Squared() * scores.Squared().sum(1)).sum().item<double>()
                - (p.unsqueeze(1) * costs.unsqueeze(1) * scores).sum(dim: 0).Squared().sum().item<double>();
            var theta = logits.repeat(Draws, 1).requires_grad_();
            var node = new Reinforce { Form = form }.Sample(new OneHotCategorical(theta), generator);
            SurrogateLoss.Parallel((node.Value * costs).sum(-1), [node], full([], b, dtype: ScalarType.Float64)).sum().backward();
            using var statistics = new GradientStatistics(3);
            statistics.AddRange(theta.grad!);
            // 5 standard errors: false alarm 6e-7.
            Assert.True(Math.Abs(statistics.Trace.Value - expected) < 5 * statistics.Trace.Error, $"b = {b}: {statistics.Trace.Value}; {expected}");
        }
    }

    /// <summary>A baseline counts wherever it is broadcast to and is no part of the loss; what the cost depends on besides is.</summary>
    [Theory, MemberData(nameof(Ways))]
    public void ABaselineIsBroadcastAndLearnsNothing_AndTheCostsOwnGradientStays(GradientForm form, string way)
    {
        foreach (var shape in (long[][])[[], [5], [1, 5], [3, 1], [3, 5]])
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(4);
            var theta = randn([3, 5, 2, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_();
            var slopes = randn([2, 4], dtype: ScalarType.Float64, generator: generator);
            var scale = tensor(1.5, dtype: ScalarType.Float64, requires_grad: true);
            var baseline = randn(shape, dtype: ScalarType.Float64, generator: generator).requires_grad_();
            var node = new Reinforce { Form = form }.Sample(new OneHotCategorical(theta), generator);
            var plain = (node.Value * slopes).sum([2, 3]);
            var loss = Close(way, plain * scale, node, baseline);
            Assert.True(loss.detach().allclose(plain * 1.5, 1e-13, 1e-13));
            loss.sum().backward();
            var expected = (plain * 1.5 - baseline.detach()).reshape(3, 5, 1, 1) * (node.Value - theta.detach().softmax(-1));
            Assert.True(expected.allclose(theta.grad!, 1e-12, 1e-12), $"a baseline of {shape.Length} axes");
            Assert.Equal(plain.sum().item<double>(), scale.grad!.item<double>(), 1e-12);
            Assert.Null(baseline.grad);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void AnInfiniteCostIsInItsOwnExample(GradientForm form, string way)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var theta = randn([2, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var node = new Reinforce { Form = form }.Sample(new OneHotCategorical(theta), generator);
        var loss = Close(way, tensor(new[] { double.PositiveInfinity, 1 }), node, zeros(2, dtype: ScalarType.Float64));
        Assert.Equal([double.PositiveInfinity, 1], loss.detach().data<double>().ToArray());
        loss.sum().backward();
        Assert.True(theta.grad![1].allclose(node.Value[1] - theta.detach()[1].softmax(-1), 1e-12, 1e-12));
    }

    private static Tensor Close(string way, Tensor cost, StochasticNode node, Tensor baseline) => way switch
    {
        "parallel" => SurrogateLoss.Parallel(cost, [node], baseline),
        "sequential" => SurrogateLoss.Sequential(cost, [node], baseline),
        _ => SurrogateLoss.Sequential([cost], [node], baseline),
    };
}
