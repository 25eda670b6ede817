using DiscreteGradients.Experiments.Tradeoff;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Tradeoff;

public sealed class TradeoffProblemTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void UnbiasedEstimatorsAreUnbiasedForTheEnumeratedGradient(int arity)
    {
        using var problem = new TradeoffProblem(arity, 1);
        using var exact = problem.Exact();
        Assert.Equal(problem.Shape, exact.shape);
        Assert.Equal(4096, Math.Pow(arity, problem.Shape[1]));
        // Constants in the logits do not matter.
        Assert.True(exact.sum(-1).abs().max().item<double>() < 1e-12);
        foreach (var name in EstimatorName.ParseList("reinforce,rloo:2,rloo:5,disarm,local", severalEvaluations: true))
        {
            var gradient = problem.Gradient(name, 0.5);
            var summary = new GradientStudy((_, generator) => gradient(generator)) { Draws = 100, Seed = 3 }.Compare([new Reinforce()], exact)[0];
            // |z| below 5: false alarm 6e-7 under the normal law. A tenth of the squared gradient would be found.
            var bias = summary.SquaredBias!.Value;
            Assert.True(Math.Abs(bias.Value) < 5 * bias.Error, $"{name}: {summary}");
            Assert.True(5 * bias.Error < 0.5 * exact.Squared().sum().item<double>(), $"{name}: {summary}");
        }
    }

    /// <summary>θ and w are drawn again, and the outcomes of two variables counted one by one: y = (w_i + w_j)/√2 and
    /// f = (y − ½)² + 0.3 sin 2y.</summary>
    [Fact]
    public void TheExactGradientIsOfTheCostThatIsStated()
    {
        using var scope = NewDisposeScope();
        using var problem = new TradeoffProblem(64, 5);
        Assert.Equal([100, 2, 64], problem.Shape);
        using var generator = new Generator(5);
        var (logits, weights, exact) = (randn(problem.Shape, generator: generator), randn(problem.Shape, generator: generator),
            problem.Exact());
        foreach (var example in new[] { 0, 99 })
        {
            var (theta, w) = (logits[example].data<float>().ToArray(), weights[example].data<float>().ToArray());
            var sums = new[] { 0, 64 }.Select(start => theta.Skip(start).Take(64).Sum(one => Math.Exp(one))).ToArray();
            var p = theta.Select((one, i) => Math.Exp(one) / sums[i / 64]).ToArray();
            var means = new double[128];        // of the cost given one category
            for (var i = 0; i < 64; i++)
            {
                for (var j = 64; j < 128; j++)
                {
                    var y = ((double)w[i] + w[j]) / Math.Sqrt(2);
                    var cost = Math.Pow(y - 0.5, 2) + 0.3 * Math.Sin(2 * y);
                    means[i] += p[j] * cost;
                    means[j] += p[i] * cost;
                }
            }
            var mean = Enumerable.Range(0, 64).Sum(i => p[i] * means[i]);
            var found = exact[example].data<double>().ToArray();
            // The weights are rounded to float32.
            for (var i = 0; i < 128; i++) Assert.Equal(p[i] * (means[i] - mean), found[i], 1e-6);
        }
    }

    [Fact]
    public void AnEstimatorHasTheTemperatureThatIsAskedFor()
    {
        using var problem = new TradeoffProblem(8, 1);
        using var scope = NewDisposeScope();
        var gradients = ((double[])[0.5, 2, 0.5]).Select(temperature => problem.Gradient(EstimatorName.Parse("st-gs"), temperature)(new Generator(4))).ToList();
        Assert.True(gradients[0].equal(gradients[2]).all().item<bool>());
        Assert.False(gradients[0].allclose(gradients[1], 0.1, 0.1));
    }

    // Both take two evaluations. One half of an antithetic pair alone varies three times as much as two independent samples.
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void DisArmVariesLessThanTwoIndependentSamples(int arity)
    {
        using var problem = new TradeoffProblem(arity, 1);
        Assert.InRange(Trace("disarm") / Trace("rloo:2"), 0.5, 1);

        double Trace(string name)
        {
            var gradient = problem.Gradient(EstimatorName.ParseList(name, severalEvaluations: true)[0], 0.5);
            return new GradientStudy((_, generator) => gradient(generator)) { Draws = 100, Seed = 3 }.Compare([new Reinforce()])[0].Trace.Value;
        }
    }
}
