using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Estimators of several samples: leave-one-out baselines, DisARM and VIMCO. False-alarm rates: see <see cref="Law"/>.</summary>
public sealed class SeveralSamplesTests
{
    private const int Draws = 100_000;

    public static TheoryData<string> Problems => [nameof(Problem.One), nameof(Problem.Binary), nameof(Problem.Two), nameof(Problem.Masked)];

    private static Problem Get(string name) => (Problem)typeof(Problem).GetProperty(name)!.GetValue(null)!;

    [Theory, MemberData(nameof(Problems))]
    public void LeaveOneOutAndDisArmAreUnbiased(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var samples in (int[])[2, 5])
            Law.HasMean(Draw(Get(name), Rloo(samples, Get(name))), Get(name).Exact());
        Law.HasMean(Draw(Get(name), Coupled(Get(name))), Get(name).Exact());
    }

    [Fact]
    public void TwoSamplesGiveHalfTheDifferenceTimesTheDifference()
    {
        using var scope = NewDisposeScope();
        foreach (var form in Enum.GetValues<GradientForm>())
        {
            var theta = Problem.Two.Theta.expand(2, 50, 2, 4).clone().requires_grad_();
            var node = new Reinforce { Form = form }.Sample(new OneHotCategorical(theta));
            var cost = Problem.Two.Cost(node.Value.flatten(0, 1)).reshape(2, 50);
            SurrogateLoss.Parallel(cost, [node], LeaveOneOut.Baseline(cost)).mean([0]).sum().backward();
            var expected = (cost[0] - cost[1]).reshape(50, 1, 1) * (node.Value[0] - node.Value[1]) / 2;
            Assert.True(expected.allclose(theta.grad!.sum(dim: 0), 1e-12, 1e-13));
        }
    }

    [Fact]
    public void EachBaselineIsTheMeanOfTheOthers()
    {
        using var scope = NewDisposeScope();
        var baseline = LeaveOneOut.Baseline(tensor(new[,] { { 1.0, 10 }, { 2, 20 }, { 6, 30 } }));
        Assert.True(baseline.allclose(tensor(new[,] { { 4.0, 25 }, { 3.5, 20 }, { 1.5, 15 } }), 1e-14));
        Assert.Equal(ScalarType.Float32, LeaveOneOut.Baseline(tensor(new[] { 1, 4 })).dtype);
        // An infinite cost is no part of its own baseline.
        const double None = double.NegativeInfinity;
        foreach (var (costs, means) in ((double[] Costs, double[] Means)[])
        [
            ([None, -1, -2], [-1.5, None, None]),
            ([-1, None, -2], [None, -1.5, None]),
            ([-1, -2, -None], [-None, -None, -1.5]),
            ([None, None, -2], [None, None, None]),
            ([double.NaN, -1, -2], [-1.5, double.NaN, double.NaN]),
        ])
            Assert.Equal(means, LeaveOneOut.Baseline(tensor(costs)).data<double>().ToArray());
        foreach (var bad in (Tensor[])[zeros(1, 3), tensor(2.0)])
            Assert.Contains("expected at least two samples", Assert.Throws<ArgumentException>(() => LeaveOneOut.Baseline(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASecondDerivativeOfDisArmIsRefused()
    {
        using var scope = NewDisposeScope();
        var theta = Everything.Logits([6, 4, 3], ScalarType.Float64).requires_grad_();
        var node = DisArm.Sample(new OneHotCategorical(theta));
        var loss = SurrogateLoss.Parallel((node.Value * Scalars.Range(1, 4, ScalarType.Float64)).sum([-2, -1]) * theta.sum([-2, -1]), [node]).sum();
        var first = autograd.grad([loss], [theta], retain_graph: true, create_graph: true)[0];
        var error = Assert.ThrowsAny<Exception>(() => first.Squared().sum().backward());
        Assert.Contains("second derivative through a sampled value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BinaryDisArmIsThatOfItsFormula()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var theta = (randn([500, 2], dtype: ScalarType.Float64, generator: generator) * 2).requires_grad_();
        var node = DisArm.Sample(new OneHotCategorical(theta), generator);
        var cost = (node.Value * tensor(new[] { 0.3, 1.7 })).sum(-1).exp();
        SurrogateLoss.Parallel(cost, [node]).mean([0]).sum().backward();
        // ½ (f(b) − f(b̃)) (−1)^b̃ [b ≠ b̃] σ(|φ|), eq. 5 of Dong et al. 2020, with b the first category and φ its log-odds.
        var (phi, b) = (theta.detach()[.., 0] - theta.detach()[.., 1], node.Value[.., .., 0]);
        var expected = (cost[0] - cost[1]) / 2 * (b[0] - b[1]) * phi.abs().sigmoid();
        Assert.True(expected.allclose(theta.grad![.., 0], 1e-12, 1e-13));
        Assert.True((-expected).allclose(theta.grad![.., 1], 1e-12, 1e-13));
        Assert.InRange((b[0] != b[1]).to(ScalarType.Float64).mean().item<double>(), 0.2, 0.8);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void EachOfTheTwoSamplesHasTheLawOfTheCategorical(int arity)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var theta = randn([arity], dtype: ScalarType.Float64, generator: generator);
        var value = DisArm.Sample(new OneHotCategorical(theta.expand(Draws, arity)), generator).Value;
        Assert.True((value.sum(-1) == 1).all().item<bool>());
        var probs = theta.softmax(-1);
        foreach (var sample in value.unbind(0))
            Assert.InRange(((sample.mean([0]) - probs) / (probs * (1 - probs) / Draws).sqrt()).abs().max().item<double>(), 0, 5);
    }

    [Fact]
    public void AntitheticSamplesVaryLessThanTwoIndependentOnes()
    {
        using var scope = NewDisposeScope();
        var disarm = Draw(Problem.Binary, Coupled(Problem.Binary)).Trace;
        var rloo = Draw(Problem.Binary, Rloo(2, Problem.Binary)).Trace;
        Assert.True(disarm.Value + 5 * disarm.Error < rloo.Value - 5 * rloo.Error, $"{disarm} against {rloo}");
    }

    [Fact]
    public void RowsWithoutADistributionAreNaN_AndThoseWithoutAnOutcomeZero()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            var theta = tensor(new[,] { { 0, 1, 2 }, { double.NaN, 0, 0 }, { 0, 0, 0 } }).to(dtype).requires_grad_();
            var mask = tensor(new[,] { { true, true, true }, { true, true, true }, { false, false, false } });
            var node = DisArm.Sample(new OneHotCategorical(theta, mask));
            for (var sample = 0; sample < 2; sample++)
                Assert.Equal([1, double.NaN, 0], node.Value[sample].sum(-1).to(ScalarType.Float64).data<double>());
        }
    }

    [Fact]
    public void OneCategoryIsDrawnForCertain_AndHasNoGradient()
    {
        using var scope = NewDisposeScope();
        var theta = zeros([4, 3, 1], dtype: ScalarType.Float64).requires_grad_();
        var node = DisArm.Sample(new OneHotCategorical(theta));
        Assert.Equal([2, 4, 3, 1], node.Value.shape);
        Assert.True((node.Value == 1).all().item<bool>());
        SurrogateLoss.Parallel(node.Value.sum([-2, -1]), [node]).sum().backward();
        Assert.Equal(0, theta.grad!.abs().sum().item<double>());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void VimcoIsUnbiasedForTheBound(int samples)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var start = tensor(new[] { 0.3, -0.8, 1.1 });
        var joint = tensor(new[] { -1.0, 0.4, -0.2 });       // log p(x, D)
        // The exact bound: all outcomes of S samples.
        var theta = start.clone().requires_grad_();
        var logProbs = theta.log_softmax(-1);
        var outcomes = ExactGradient.Joint(samples, 3).to(ScalarType.Float64);
        var probs = (outcomes * logProbs).sum([1, 2]).exp();
        var bound = (outcomes * (joint - logProbs)).sum(-1).logsumexp(-1) - Math.Log(samples);
        (-(probs * bound).sum()).backward();
        using var statistics = new GradientStatistics(3);
        var leaf = start.expand(Draws, 3).clone().requires_grad_();
        var repeated = leaf.expand(samples, Draws, 3);
        var distribution = new OneHotCategorical(repeated);
        var node = new Reinforce().Sample(distribution, generator);
        var loss = Vimco.Loss((node.Value * (joint - distribution.LogProbs)).sum(-1), [node]);
        Assert.Equal([Draws], loss.shape);
        loss.sum().backward();
        statistics.AddRange(leaf.grad!);
        Law.HasMean(statistics, theta.grad!);
    }

    // With S = 2 the weight of the other sample stands for both: L − log w_other.
    [Fact]
    public void VimcoOfTwoSamplesIsThatOfItsFormula()
    {
        using var scope = NewDisposeScope();
        var theta = Problem.One.Theta.expand(2, 40, 3).clone().requires_grad_();
        var node = new Reinforce().Sample(new OneHotCategorical(theta));
        var logWeights = (node.Value * tensor(new[] { 0.2, -1.0, 0.7 })).sum(-1);
        var loss = Vimco.Loss(logWeights, [node]);
        var bound = logWeights.logsumexp(0) - Math.Log(2);
        Assert.True(loss.allclose(-bound, 1e-13, 1e-13));
        loss.sum().backward();
        var expected = -(bound - logWeights.flip(0)).unsqueeze(-1) * (node.Value - theta.detach().softmax(-1));
        Assert.True(expected.allclose(theta.grad!, 1e-12, 1e-13));
    }

    // By the definition, one sample of one example at a time: L, and L with the mean of the others in the place of log w_s.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void VimcoPutsTheMeanOfTheOthersInThePlaceOfEachSample(int samples)
    {
        const int Examples = 4;
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var theta = randn([samples, Examples, 2, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var slopes = randn([Examples, 2, 3], dtype: ScalarType.Float64, generator: generator);
        var node = new Reinforce().Sample(new OneHotCategorical(theta), generator);
        var logWeights = (node.Value * slopes).sum([2, 3]);
        Vimco.Loss(logWeights, [node]).sum().backward();
        var logs = logWeights.data<double>().ToArray();
        var probs = theta.detach().softmax(-1);
        for (var s = 0; s < samples; s++)
        {
            for (var b = 0; b < Examples; b++)
            {
                double[] all = [.. Enumerable.Range(0, samples).Select(t => logs[t * Examples + b])];
                double[] others = [.. all.Where((_, t) => t != s)];
                var advantage = Bound([.. others, others.Average()]) - Bound(all);
                Assert.True(((node.Value[s, b] - probs[s, b]) * advantage).allclose(theta.grad![s, b], 1e-12, 1e-13), $"sample {s}, example {b}");
            }
        }

        double Bound(double[] terms) => Math.Log(terms.Select(Math.Exp).Sum() / samples);
    }

    // The other two stand in for it with their mean; for each of them the mean of the others is log 0.
    [Fact]
    public void ASampleOfWeightZeroHasAnAdvantageToo()
    {
        using var scope = NewDisposeScope();
        var score = zeros(3, dtype: ScalarType.Float64).requires_grad_();
        var node = StochasticNode.Scored(zeros(3, 2, dtype: ScalarType.Float64), score);
        Vimco.Loss(tensor(new[] { double.NegativeInfinity, -1, -2 }), [node]).backward();
        var bound = Math.Log((Math.Exp(-1) + Math.Exp(-2)) / 3);
        double[] without = [Math.Log((Math.Exp(-1.5) + Math.Exp(-1) + Math.Exp(-2)) / 3), -2 - Math.Log(3), -1 - Math.Log(3)];
        foreach (var (other, gradient) in without.Zip(score.grad!.data<double>().ToArray()))
            Assert.Equal(other - bound, gradient, 1e-13);
    }

    private static Func<Tensor, Generator, Tensor> Rloo(int samples, Problem problem) => (theta, generator) =>
    {
        var mask = problem.Mask?.expand([samples, .. theta.shape]);
        var node = new Reinforce().Sample(new OneHotCategorical(theta.expand([samples, .. theta.shape]), mask), generator);
        var cost = problem.Cost(node.Value.flatten(0, 1)).reshape(samples, -1);
        return SurrogateLoss.Parallel(cost, [node], LeaveOneOut.Baseline(cost)).mean([0]).sum();
    };

    private static Func<Tensor, Generator, Tensor> Coupled(Problem problem) => (theta, generator) =>
    {
        var node = DisArm.Sample(new OneHotCategorical(theta, problem.Mask?.expand_as(theta)), generator);
        return SurrogateLoss.Parallel(problem.Cost(node.Value.flatten(0, 1)).reshape(2, -1), [node]).mean([0]).sum();
    };

    private static GradientStatistics Draw(Problem problem, Func<Tensor, Generator, Tensor> loss)
    {
        using var generator = new Generator(7);
        var statistics = new GradientStatistics(problem.Theta.numel());
        for (var part = 0; part < 10; part++)
        {
            using var scope = NewDisposeScope();
            var theta = problem.Theta.unsqueeze(0).repeat(Draws / 10, 1, 1).requires_grad_();
            loss(theta, generator).backward();
            statistics.AddRange(theta.grad!);
        }
        return statistics;
    }
}
