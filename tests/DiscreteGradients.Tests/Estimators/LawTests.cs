using DiscreteGradients.Tests.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>What the estimators' means and variances are, against oracles. False-alarm rates: see <see cref="Law"/>.</summary>
public sealed class LawTests
{
    private const int Draws = 100_000;

    public static TheoryData<string> Problems => [nameof(Problem.One), nameof(Problem.Binary), nameof(Problem.Two), nameof(Problem.Masked)];

    private static Problem Get(string name) => name switch
    {
        nameof(Problem.One) => Problem.One,
        nameof(Problem.Binary) => Problem.Binary,
        nameof(Problem.Two) => Problem.Two,
        _ => Problem.Masked,
    };

    [Theory, MemberData(nameof(Problems))]
    public void ReinforceIsUnbiased(string problem)
    {
        using var scope = NewDisposeScope();
        foreach (var form in Enum.GetValues<GradientForm>())
            Law.HasMean(Get(problem).Draw(new Reinforce { Form = form }, Draws, 1, baseline: 0.4), Get(problem).Exact());
    }

    [Theory, MemberData(nameof(Problems))]
    public void GumbelRaoHasTheMeanOfStraightThroughGumbelSoftmax(string problem)
    {
        using var scope = NewDisposeScope();
        foreach (var temperature in (double[])[0.2, 1.0])
        {
            var reference = Get(problem).Draw(new StraightThroughGumbelSoftmax(temperature), Draws, 2);
            foreach (var samples in (int[])[1, 10, 100])
                Law.SameMean(Get(problem).Draw(new GumbelRao(samples, temperature), Draws / samples, 3), reference);
            Law.SameMean(Get(problem).Draw(new GumbelRaoExact(temperature), Draws / 100, 3), reference);
        }
    }

    [Fact]
    public void TheTotalDerivativeThroughTheConditionalNoiseWouldHaveAnotherMean()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.One;
        var reference = problem.Draw(new StraightThroughGumbelSoftmax(0.5), Draws, 4);
        using var generator = new Generator(5);
        var theta = problem.Theta.unsqueeze(0).repeat(Draws, 1, 1).requires_grad_();
        var q = new OneHotCategorical(theta);
        var value = q.Sample(generator);
        var noise = empty_like(q.LogProbs).exponential_(1.0, generator);
        var top = (noise * value).sum(-1, keepdim: true);
        var perturbed = where(value > 0, -top.log(), -(noise * (-q.LogProbs).exp() + top).log());
        var soft = (perturbed / 0.5).softmax(-1);
        problem.Cost(value + soft - soft.detach()).sum().backward();
        using var total = new GradientStatistics(3);
        total.AddRange(theta.grad!);
        Assert.True(Law.Distance(total, reference.Mean()) > 50);
    }

    [Fact]
    public void OneConditionalDrawHasTheLawOfStraightThroughGumbelSoftmax()
    {
        using var scope = NewDisposeScope();
        List<double> a = [], b = [];
        Problem.Two.Draw(new GumbelRao(1, 0.5), 20_000, 6, each: g => a.AddRange(g[.., 1, 2].data<double>().ToArray()));
        Problem.Two.Draw(new StraightThroughGumbelSoftmax(0.5), 20_000, 7, each: g => b.AddRange(g[.., 1, 2].data<double>().ToArray()));
        Law.SameDistribution([.. a], [.. b]);
    }

    [Fact]
    public void TraceFallsWithKAsProposition3Says()
    {
        using var scope = NewDisposeScope();
        var one = Problem.Two.Draw(new GumbelRao(1, 0.3), Draws, 8);
        var limit = Problem.Two.Draw(new GumbelRao(1000, 0.3), 4_000, 9);
        var within = one.Trace.Value - limit.Trace.Value * 1000.0 / 999 + one.Trace.Value / 999;
        foreach (var samples in (int[])[2, 10, 50])
        {
            var measured = Problem.Two.Draw(new GumbelRao(samples, 0.3), 20_000, (ulong)(10 + samples));
            var predicted = one.Trace.Value - within * (1 - 1.0 / samples);
            var error = Math.Sqrt(Math.Pow(measured.Trace.Error, 2) + Math.Pow(one.Trace.Error, 2) + Math.Pow(limit.Trace.Error, 2));
            Assert.True(Math.Abs(measured.Trace.Value - predicted) < Law.Errors * error,
                $"K = {samples}: trace {measured.Trace.Value}, expected {predicted} ± {error}");
            Assert.True(measured.Trace.Value < one.Trace.Value - Law.Errors * error, "strictly less for K > 1");
        }
    }

    [Fact]
    public void MeanSquaredErrorIsNeverAboveThatOfStraightThroughGumbelSoftmax()
    {
        using var scope = NewDisposeScope();
        var exact = Problem.Two.Exact().reshape(-1);
        foreach (var temperature in (double[])[0.1, 0.5, 2.0])
        {
            var stgs = MeanSquaredError(new StraightThroughGumbelSoftmax(temperature), 20);
            var before = stgs;
            foreach (var samples in (int[])[3, 30])
            {
                var mse = MeanSquaredError(new GumbelRao(samples, temperature), 21);
                Assert.True(mse < before, $"τ = {temperature}, K = {samples}: {mse} against {before}");
                before = mse;
            }
        }

        double MeanSquaredError(IGradientEstimator estimator, ulong seed)
        {
            using var drawn = Problem.Two.Draw(estimator, 50_000, seed);
            return drawn.Trace.Value + Law.SquaredDistance(drawn, exact);
        }
    }

    [Fact]
    public void NothingIsGainedWhereTheNoiseGivenTheCategoryDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        // One allowed category: var[ST-GS | D] = 0, and every estimator gives exactly 0.
        var fixedOutcome = new Problem(new[,] { { 1.0, 2.0, 3.0 } }, new[,] { { false, true, false } });
        foreach (var estimator in (IGradientEstimator[])[new StraightThroughGumbelSoftmax(0.5), new GumbelRao(1, 0.5), new GumbelRao(10, 0.5)])
            Assert.Equal(0, fixedOutcome.Draw(estimator, 100, 22).Trace.Value);
    }

    [Fact]
    public void BinaryMeanGivenTheCategoryIsTheQuadrature()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0.4, -0.9 });
        var p = logits.softmax(0).data<double>().ToArray();
        foreach (var temperature in (double[])[0.1, 0.5, 2.0])
        {
            // r = E_j/E_i has density 1/(1+r)²; w = (1 + r/p_j)^(-1/τ); substitute r = u/(1-u).
            const int Nodes = 200_000;
            double integral = 0;
            for (var i = 0; i < Nodes; i++)
            {
                var u = (i + 0.5) / Nodes;
                var w = Math.Pow(1 + u / (1 - u) / p[1], -1 / temperature);
                integral += w / ((1 + w) * (1 + w)) / Nodes;
            }
            using var samples = ConditionalGradients(logits, 0, temperature, tensor(new[] { 0.0, 1.0 }), 100_000);
            var expected = integral / temperature;
            Law.HasMean(samples, tensor(new[] { -expected, expected }));
        }
    }

    [Fact]
    public void SmallTemperatureTendsToTheNoiselessLimit()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0.4, -0.9, 0.2 });
        var g = tensor(new[] { 0.7, -0.3, 1.9 });
        var p = logits.softmax(0);
        var value = tensor(new[] { 0.0, 0.0, 1.0 });
        var jacobian = p * (g - (p * g).sum());
        var limit = 0.5 * jacobian + 0.5 * (g * (value - p)).sum() * (value - p);
        using var samples = ConditionalGradients(logits, 2, 0.01, g, 2_000_000);
        // The limit itself is off by O(τ); 3 % of its size is allowed for that.
        var distance = (samples.Mean() - limit).norm().item<double>();
        Assert.True(distance < 0.03 * limit.norm().item<double>() + 5 * samples.StandardError().norm().item<double>());
    }

    /// <summary>Draws of J(s)g/τ with θ + G given that <paramref name="drawn"/> wins.</summary>
    private static GradientStatistics ConditionalGradients(Tensor logits, int drawn, double temperature, Tensor g, int draws)
    {
        using var scope = NewDisposeScope();
        var q = new OneHotCategorical(logits);
        using var generator = new Generator(31);
        var value = nn.functional.one_hot(tensor((long)drawn), logits.shape[0]).to(ScalarType.Float64);
        var soft = (Gumbel.PerturbGiven(q.LogProbs, value, draws, generator) / temperature).softmax(-1);
        var statistics = new GradientStatistics(logits.shape[0]);
        statistics.AddRange(soft * (g - (soft * g).sum(-1, keepdim: true)) / temperature);
        return statistics;
    }
}
