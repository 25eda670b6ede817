using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>The weight of least mean squared error, and the scale-free error, against enumeration.</summary>
public sealed class WeightStudyTests
{
    private static Tensor Theta => tensor(new[,] { { 0.4, -0.5, 0.9, 0.1 }, { -0.3, 0.8, 0.2, -1.0 } });

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void TheWeightIsThatOfTheGrid(int batch)
    {
        using var scope = NewDisposeScope();
        var (s, n, probs) = (All(0), All(1) - All(0), Probs());
        var exact = Mean(s + n, probs);
        // Cost: quadratic, so that λ = 1 is unbiased and the mean squared error of each λ is known.
        double Error(double weight)
        {
            var mean = Mean(s + n * weight, probs);
            var trace = (((s + n * weight) - mean).Squared().sum(1) * probs).sum().item<double>();
            return (mean - exact).Squared().sum().item<double>() + trace / batch;
        }
        var best = Enumerable.Range(0, 1001).Select(i => i / 1000.0).MinBy(Error);
        var choice = new WeightStudy(Gradients, 500) { Draws = 20_000 }.Measure(batch);
        Assert.InRange(choice.Weight.Value, best - 5 * choice.Weight.Error - 1e-3, best + 5 * choice.Weight.Error + 1e-3);
        Assert.InRange(choice.Weight.Error, 1e-6, 0.1);
        Assert.True(choice.Low <= choice.Weight.Value && choice.Weight.Value <= choice.High);
        Assert.Equal(1.96 * choice.Weight.Error, choice.High - choice.Weight.Value, choice.High < 1 ? 1e-12 : 1);
    }

    /// <summary>By the formula from the draws themselves: S and N depend on each other, and the blocks are of two or three.</summary>
    [Fact]
    public void TheWeightIsThatOfItsFormula_AndItsErrorThatOfBlocksLeftOut()
    {
        const int Draws = 25, Batch = 3;
        using var scope = NewDisposeScope();
        var drawn = new List<(double[] S, double[] N)>();
        var choice = new WeightStudy((estimator, generator) =>
        {
            var s = randn(2, dtype: ScalarType.Float64, generator: generator);
            var n = randn(2, dtype: ScalarType.Float64, generator: generator) * 0.5 + s * 0.4 + 1;
            var weight = ((SecondOrderStraightThrough)estimator).Weight;
            if (weight == 0) drawn.Add((s.data<double>().ToArray(), n.data<double>().ToArray()));
            return s + n * weight;
        })
        { Draws = Draws }.Measure(Batch);
        Assert.Equal(Draws, drawn.Count);
        var blocks = Enumerable.Range(0, Draws).GroupBy(i => (10 * i + 9) / Draws).Select(block => block.Select(i => drawn[i]).ToList()).ToList();
        var means = blocks.ConvertAll(block => Centre(block, one => one.N));
        var (covariances, variances) = (blocks.ConvertAll(block => With(block, one => one.S)), blocks.ConvertAll(block => With(block, one => one.N)));
        var all = Enumerable.Range(0, 10).ToList();
        Assert.Equal(Weight(all), choice.Weight.Value, 1e-12);
        Assert.InRange(choice.Weight.Value, 0.5, 0.95);
        var error = Jackknife.StandardError(all.ConvertAll(block => Weight(all.FindAll(other => other != block))));
        Assert.Equal(error, choice.Weight.Error, 1e-12);
        Assert.Equal(choice.Weight.Value - 1.96 * error, choice.Low, 1e-12);

        double Weight(List<int> kept)
        {
            var norm = (from i in kept from j in kept where i != j select means[i][0] * means[j][0] + means[i][1] * means[j][1]).Average();
            return Math.Clamp((norm - kept.Average(i => covariances[i]) / Batch) / (norm + kept.Average(i => variances[i]) / Batch), 0, 1);
        }

        static double[] Centre(List<(double[] S, double[] N)> block, Func<(double[] S, double[] N), double[]> of) =>
            [block.Average(one => of(one)[0]), block.Average(one => of(one)[1])];

        // The covariance of something with N, of the block, unbiased.
        static double With(List<(double[] S, double[] N)> block, Func<(double[] S, double[] N), double[]> of)
        {
            var (centre, own) = (Centre(block, of), Centre(block, one => one.N));
            return block.Sum(one => (of(one)[0] - centre[0]) * (one.N[0] - own[0]) + (of(one)[1] - centre[1]) * (one.N[1] - own[1])) / (block.Count - 1);
        }
    }

    [Fact]
    public void OneDrawAtATimeIsTheSameStudy()
    {
        var study = new WeightStudy((estimator, generator) => Gradients(estimator, generator, 1).squeeze(0)) { Draws = 100, Seed = 3 };
        var several = new WeightStudy(Gradients, 1) { Draws = 100, Seed = 3 };
        Assert.Equal(study.Measure(100), several.Measure(100));
        Assert.NotEqual(study.Measure(100), new WeightStudy(Gradients, 1) { Draws = 100, Seed = 4 }.Measure(100));
        Assert.StartsWith("weight ", $"{study.Measure(100)}", StringComparison.Ordinal);
        Assert.Contains("batch is 0.5", Assert.Throws<ArgumentOutOfRangeException>(() => study.Measure(0.5)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void TheScaleFreeErrorIsTheLeastOverAllFactors(double batch)
    {
        using var scope = NewDisposeScope();
        var (all, probs) = (All(0), Probs());
        var exact = Mean(All(1), probs);
        var mean = Mean(all, probs);
        var trace = ((all - mean).Squared().sum(1) * probs).sum().item<double>();
        double Error(double factor) =>
            ((mean * factor - exact).Squared().sum().item<double>() + factor * factor * trace / batch) / exact.Squared().sum().item<double>();
        var least = Enumerable.Range(0, 20_001).Select(i => Error(i / 5000.0)).Min();
        foreach (var scale in (double[])[1, 3])
        {
            var summary = new GradientStudy((estimator, generator, count) => Gradients(estimator, generator, count) * scale, 500) { Draws = 40_000 }
                .Compare([new StraightThrough()], exact)[0];
            var actual = summary.ScaleFreeError(batch)!.Value;
            Assert.InRange(actual.Value, least - 5 * actual.Error - 1e-6, least + 5 * actual.Error + 1e-6);
            Assert.InRange(actual.Error, 1e-5, 0.03);
        }
    }

    [Fact]
    public void TheScaleFreeErrorIsNullWithoutAReference_AndCountsADrawnOne()
    {
        using var scope = NewDisposeScope();
        var study = new GradientStudy(Gradients, 500) { Draws = 20_000 };
        Assert.Null(study.Compare([new StraightThrough()])[0].ScaleFreeError());
        var exact = study.Compare([new StraightThrough()], Mean(All(1), Probs()))[0].ScaleFreeError(10)!.Value;
        var drawn = study.Compare([new StraightThrough()], new SecondOrderStraightThrough(), 20_000)[0].ScaleFreeError(10)!.Value;
        Assert.InRange(Math.Abs(exact.Value - drawn.Value), 1e-9, 5 * drawn.Error);
    }

    // Quadratic in all variables, [rows, V, n] to [rows].
    private static Tensor Cost(Tensor value)
    {
        var level = (value * (Scalars.Range(1, 9, ScalarType.Float64).sin().reshape(2, 4))).sum([-2, -1]);
        return (level * 1.3 + 0.2).Squared();
    }

    private static Tensor Gradients(IGradientEstimator estimator, Generator generator, int count)
    {
        var theta = Theta.expand(count, 2, 4).clone().requires_grad_();
        var node = estimator.Sample(new OneHotCategorical(theta), generator);
        SurrogateLoss.Parallel(Cost(node.Value), [node]).sum().backward();
        return theta.grad!;
    }

    // The gradient at each outcome, [outcomes, V · n].
    private static Tensor All(double weight)
    {
        var outcomes = ExactGradient.Joint(2, 4).to(ScalarType.Float64).requires_grad_();
        var g = autograd.grad([Cost(outcomes).sum()], [outcomes])[0];
        return new SecondOrder(1 - weight / 2, weight / 2).Product([Theta.softmax(-1).expand_as(outcomes), outcomes.detach()], g).flatten(1);
    }

    private static Tensor Probs() => (Theta.log_softmax(-1) * ExactGradient.Joint(2, 4)).sum([1, 2]).exp();

    private static Tensor Mean(Tensor all, Tensor probs) => (all * probs.unsqueeze(1)).sum(dim: 0);

    [Fact]
    public void WhereNoWeightIsBetterItIsOne()
    {
        using var scope = NewDisposeScope();
        var choice = new WeightStudy((_, _) => ones(2)) { Draws = 20 }.Measure();
        Assert.Equal((1, 0, 1), (choice.Weight.Value, choice.Low, choice.High));
    }
}
