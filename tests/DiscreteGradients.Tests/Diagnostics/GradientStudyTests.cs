using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

public sealed class GradientStudyTests
{
    private static readonly IGradientEstimator[] Family = [new StraightThroughGumbelSoftmax(0.5), new GumbelRao(10, 0.5)];

    [Fact]
    public void TheSummaryIsThatOfTheDraws()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var (problem, drawn) = (Problem.One, new List<Tensor>());
        var study = new GradientStudy((estimator, g) =>
        {
            var gradient = Gradient(problem, estimator, g);
            drawn.Add(gradient.clone().DetachFromDisposeScope());
            return gradient;
        })
        { Draws = 300, Seed = 5 };
        var exact = problem.Exact();
        var row = Assert.Single(study.Compare([Family[0]], exact));
        var direct = stack([.. drawn.Select(gradient => gradient.reshape(-1))]);
        Assert.Equal(300, row.Draws);
        Assert.True(tensor(row.Mean.Select(mean => mean.Value).ToArray()).allclose(direct.mean([0])));
        Assert.Equal(direct.var(0).sum().item<double>(), row.Trace.Value, 1e-10);
        // Blocks of 30: the mean inner product of the bias in two different blocks.
        var blocks = direct.reshape(10, 30, 3).mean([1]) - exact.reshape(-1);
        var squares = blocks.Squared().sum().item<double>();
        Assert.Equal((blocks.sum(dim: 0).Squared().sum().item<double>() - squares) / 90, row.SquaredBias!.Value.Value, 1e-10);
        Assert.Equal(row.Trace + row.SquaredBias, row.MeanSquaredError);
        Assert.True(tensor(row.Mean.Select(mean => mean.Error).ToArray()).allclose((direct.var(0) / 300).sqrt()));
        foreach (var gradient in drawn) gradient.Dispose();
    }

    [Fact]
    public void TheErrorOfASquaredBiasIsTheSpreadOfItsEstimates()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        // With bias 0, with bias about the noise, with much bias: mean, spread and stated error over 2000 repeats.
        foreach (var bias in new[] { 0.0, 0.4, 3.0 })
        {
            var (estimates, variances) = (new List<double>(), 0.0);
            for (var repeat = 0; repeat < 2000; repeat++)
            {
                using var inner = NewDisposeScope();
                var rows = randn([10, 6], dtype: ScalarType.Float64, generator: generator) * tensor(new[] { 1.0, 0.5, 0.5, 0.2, 2, 1 });
                rows[.., 0].add_(bias);
                var estimate = SquaredNorm.Of(GradientBlocks.Products(rows, rows));
                estimates.Add(estimate.Value);
                variances += estimate.Error * estimate.Error / 2000;
            }
            var mean = estimates.Average();
            var spread = Math.Sqrt(estimates.Sum(e => (e - mean) * (e - mean)) / 1999);
            // 5 standard errors: false alarm 6e-7.
            Assert.True(Math.Abs(mean - bias * bias) < 5 * spread / Math.Sqrt(2000), $"bias² {bias * bias}: {mean}");
            // The floor, for the sake of coverage (CoverageTests), makes the error up to two fifths too large where there is no bias.
            Assert.InRange(Math.Sqrt(variances) / spread, 0.85, 1.4);
        }
    }

    [Fact]
    public void BiasIsFound_AndNoneWhereThereIsNone()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Two;
        var study = new GradientStudy((estimator, generator) => Gradient(problem, estimator, generator, rows: 100)) { Draws = 400 };
        var exact = problem.Exact();
        var rows = study.Compare([new Reinforce(), new StraightThrough(1)], exact);
        var bias = Math.Pow((problem.Draw(new StraightThrough(1), 100_000, 3).Mean() - exact.reshape(-1)).norm().item<double>(), 2);
        // 5 standard errors: false alarm 6e-7 each.
        var (none, some) = (rows[0].SquaredBias!.Value, rows[1].SquaredBias!.Value);
        Assert.True(Math.Abs(none.Value) < 5 * none.Error, $"{rows[0]}");
        Assert.True(Math.Abs(some.Value - bias) < 5 * some.Error, $"{rows[1]}; {bias}");
        Assert.True(some.Value > 10 * some.Error, $"{rows[1]}");
        var drawn = Assert.Single(study.Compare([new StraightThrough(1)], new Reinforce(), 400)).SquaredBias!.Value;
        Assert.True(Math.Abs(drawn.Value - bias) < 5 * drawn.Error, $"{drawn}; {bias}");
        Assert.True(drawn.Error > some.Error, "a drawn reference adds noise");
        Assert.Null(Assert.Single(study.Compare([new Reinforce()])).SquaredBias);
    }

    [Fact]
    public void TheDecompositionIsThatOfProposition3()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Binary;
        const double Temperature = 0.4;
        var study = new GradientStudy((estimator, generator) => Gradient(problem, estimator, generator)) { Draws = 1000, Seed = 2 };
        var parts = study.Decompose(Temperature, [1, 2, 100]);
        // var[GR] exactly: the two values that GR takes, by its one-dimensional integral.
        var exact = new GradientStatistics(2);
        var both = new List<(double P, Tensor Value)>();
        foreach (var k in (int[])[0, 1])
        {
            using var generator = new Generator((ulong)k);
            Tensor? value = null;
            while (value is null)
            {
                var theta = problem.Theta.clone().requires_grad_();
                var node = new GumbelRaoExact(Temperature).Sample(new OneHotCategorical(theta.unsqueeze(0)), generator);
                if (node.Value[0, 0, k].item<double>() < 0.5) continue;
                problem.Cost(node.Value).sum().backward();
                value = theta.grad!.reshape(-1);
            }
            both.Add((problem.Theta.softmax(-1)[0, k].item<double>(), value));
        }
        var residual = both[0].P * both[1].P * (both[0].Value - both[1].Value).Squared().sum().item<double>();
        // 5 standard errors: false alarm 6e-7 each.
        Assert.True(Math.Abs(parts.Residual.Value - residual) < 5 * parts.Residual.Error, $"{parts}; {residual}");
        var whole = problem.Draw(new StraightThroughGumbelSoftmax(Temperature), 100_000, 4).Trace.Value;
        Assert.True(Math.Abs(parts.Trace(1) - whole) < 5 * (parts.Conditional + parts.Residual).Error, $"{parts}; {whole}");
        Assert.True(parts.ChiSquared < 24, $"{parts.ChiSquared} on 1 degree of freedom: false alarm 1e-6");
        Assert.Equal(2, parts.DegreesOfFreedom);
    }

    [Fact]
    public void TheDecompositionSaysWhichKIsWorthHaving()
    {
        var parts = VarianceDecomposition.Fit([(1, new(12, 0.1)), (10, new(3, 0.1)), (100, new(2.1, 0.2))]);
        Assert.Equal((10, 2), (parts.Conditional.Value, parts.Residual.Value), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.Equal(0, parts.ChiSquared, 1e-20);
        Assert.Equal(0.15, parts.Trace(10, 20), 1e-12);
        Assert.Equal(4, parts.BatchFactor(10), 1e-12);
        Assert.Equal(100, parts.SamplesFor(0.05 + 1e-12));
        Assert.Equal(1, new VarianceDecomposition(new(-0.1, 0.2), new(2, 0.1), 0, 0).SamplesFor());
        Assert.Contains("fewer than two different K", Assert.Throws<ArgumentException>(() => VarianceDecomposition.Fit([(1, new(1, 1)), (1, new(2, 1))])).Message, StringComparison.Ordinal);
    }

    // Σ w x y/Σ w x² through the origin, with x = 1/K and w = 1/error²: (1000 + 1000)/(100 + 100).
    [Fact]
    public void WhatDoesNotVaryAtKInfinityLeavesNothingOver()
    {
        var parts = VarianceDecomposition.Fit([(1, new(10, 0.1)), (10, new(1, 0.01)), (int.MaxValue, new(0, 0))]);
        Assert.Equal((new Estimate(0, 0), 1), (parts.Residual, parts.DegreesOfFreedom));
        Assert.Equal(10, parts.Conditional.Value, 1e-12);
        Assert.Equal(1 / Math.Sqrt(200), parts.Conditional.Error, 1e-12);
        Assert.Equal(0, parts.ChiSquared, 1e-20);
        Assert.Equal(10, parts.BatchFactor(10), 1e-12);
        Assert.Equal(int.MaxValue, parts.SamplesFor());

        // Where nothing varies, neither part is there; what varies nevertheless is no part of the line.
        var still = VarianceDecomposition.Fit([(1, new(4, 2)), (10, new(0, 0)), (int.MaxValue, new(0, 0))]);
        Assert.Equal(new VarianceDecomposition(new(0, 0), new(0, 0), 4, 1), still);
        Assert.Equal(1, still.SamplesFor());
    }

    // One category is certain: ST-GS still varies with its noise, by little.
    [Theory]
    [InlineData(30, true)]
    [InlineData(200, false)]
    [InlineData(5000, false)]
    public void CertainLogitsAreDecomposedToo(double logit, bool varies)
    {
        using var scope = NewDisposeScope();
        var study = new GradientStudy((estimator, generator) =>
        {
            var theta = tensor(new[,] { { logit, 0 } }).requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta), generator);
            SurrogateLoss.Parallel(node.Value.select(-1, 0), [node]).sum().backward();
            return theta.grad!;
        })
        { Draws = 40 };
        var parts = study.Decompose(0.5, [1, 10]);
        Assert.InRange(parts.Residual.Value, 0, 1e-25);
        Assert.Equal(varies, parts.Conditional.Value > 0);
        Assert.InRange(parts.Conditional.Value, 0, 1e-25);
    }

    [Fact]
    public void TheExampleOfTheReadmeRuns()
    {
        using var scope = NewDisposeScope();
        var (x, weights, target) = (randn(20, 10), (randn(10, 40) / 3).requires_grad_(), rand(20, 8));
        var text = new StringWriter();
        Tensor Gradient(IGradientEstimator estimator, Generator generator)
        {
            var z = estimator.Sample(new OneHotCategorical(x.matmul(weights).reshape(20, 5, 8)), generator);
            var cost = (z.Value.sum(-2) - target).Squared().sum(-1);
            return autograd.grad([SurrogateLoss.Parallel(cost, [z]).mean()], [weights])[0];
        }
        var study = new GradientStudy(Gradient) { Draws = 40 };
        foreach (var row in study.Compare([new StraightThroughGumbelSoftmax(0.5), new GumbelRao(100, 0.5)], reference: new Reinforce()))
            text.WriteLine(row);
        text.WriteLine(study.Decompose(temperature: 0.5));
        text.WriteLine(new TemperatureStudy(Gradient) { Draws = 40 }.Measure(τ => new GumbelRao(100, τ), [0.1, 0.2, 0.5, 1, 2], new Reinforce()));
        Assert.Matches(@"StraightThroughGumbelSoftmax .* log10 trace .* squared bias .* MSE .*\nGumbelRao .*\nE var\[ST-GS \| D\] = .*\ntemperature ", text.ToString());
    }

    [Fact]
    public void EqualSeeds_EqualNumbers()
    {
        GradientSummary Row() => new GradientStudy((estimator, generator) => Gradient(Problem.One, estimator, generator)) { Draws = 40, Seed = 9 }
            .Compare([Family[1]], new Reinforce(), 50)[0];
        var (a, b) = (Row(), Row());
        Assert.Equal(a.Mean, b.Mean);
        Assert.Equal((a.Trace, a.SquaredBias), (b.Trace, b.SquaredBias));
    }

    [Fact]
    public void BadUseIsNamed()
    {
        Assert.Contains("draws is 19; expected at least 20", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientStudy((_, _) => ones(1)) { Draws = 19 }).Message, StringComparison.Ordinal);
        Assert.Contains("gave no gradient", Assert.Throws<InvalidOperationException>(() => new GradientStudy((_, _) => null!).Compare(Family)).Message, StringComparison.Ordinal);
        Assert.Contains("draws is 19; expected at least 20", Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureStudy((_, _) => ones(1)) { Draws = 19 }).Message, StringComparison.Ordinal);
        Assert.Contains("gave shape [3, 2]; expected [2, ...], a row a draw", Assert.Throws<InvalidOperationException>(() => new GradientStudy((_, _, _) => ones(3, 2), 2).Compare(Family)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientStudy((_, _, draws) => ones(draws), drawsAtOnce: 0));
        Assert.Contains("gave shape []", Assert.Throws<InvalidOperationException>(() => new GradientStudy((_, _, _) => ones([]), 1) { Draws = 20 }.Compare(Family)).Message, StringComparison.Ordinal);
        Assert.Contains("gave no gradient", Assert.Throws<InvalidOperationException>(() => new GradientStudy((_, _) => ones(0)).Compare(Family)).Message, StringComparison.Ordinal);
        Assert.Contains("draws is 19", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientStudy((_, _) => ones(1)).Compare(Family, new Reinforce(), 19)).Message, StringComparison.Ordinal);
        var study = new TemperatureStudy((_, _) => ones(1));
        Assert.Contains("temperatures is [0.5, 0.4, 1]", Assert.Throws<ArgumentException>(() => study.Measure(t => new GumbelRao(2, t), [0.5, 0.4, 1], ones(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsAlwaysTheReferenceHasNoError()
    {
        var curve = new TemperatureStudy((_, _) => ones(3)) { Draws = 20 }.Measure(t => new GumbelRao(2, t), [0.1, 0.5, 1], ones(3));
        Assert.All(curve.MeanSquaredErrors, error => Assert.Equal(new(0, 0), error));
    }

    [Fact]
    public void DrawsComeInBatches_NoneOfThemOfTwoBlocks()
    {
        using var scope = NewDisposeScope();
        var (counts, drawn, noise) = (new List<int>(), new List<Tensor>(), new List<float>());
        Tensor Gradients(IGradientEstimator estimator, Generator generator, int draws)
        {
            var gradients = randn([draws, 2, 3], generator: generator);
            counts.Add(draws);
            drawn.Add(gradients.reshape(draws, 6).to(float64).DetachFromDisposeScope());
            noise.Add(gradients[0, 0, 0].item<float>());
            return gradients;
        }
        var reference = ones(2, 3);
        var row = Assert.Single(new GradientStudy(Gradients, drawsAtOnce: 4) { Draws = 63 }.Compare([new Reinforce()], reference));
        // Blocks of 6 draws, the fourth of 7.
        Assert.Equal([4, 2, 4, 2, 4, 2, 4, 3], counts.Take(8));
        Assert.Equal(63, counts.Sum());
        var all = cat(drawn);
        Assert.Equal(all.var(0).sum().item<double>(), row.Trace.Value, 1e-10);
        Assert.True(tensor(row.Mean.Select(mean => mean.Value).ToArray()).allclose(all.mean([0])));
        // By blocks: the mean of their traces, and of the products of two different ones.
        var blocks = Enumerable.Range(0, 63).GroupBy(draw => (10 * draw + 9) / 63).Select(block => all[tensor(block.Select(draw => (long)draw).ToArray())]).ToList();
        Assert.Equal(blocks.Select(block => block.var(0).sum().item<double>()), row.Blocks!.Traces, (a, b) => Math.Abs(a - b) < 1e-10);
        var differences = blocks.ConvertAll(block => block.mean([0]) - 1);
        var pairs = from a in differences from b in differences where !ReferenceEquals(a, b) select a.dot(b).item<double>();
        Assert.Equal(pairs.Average(), row.SquaredBias!.Value.Value, 1e-10);
        // Each batch has noise of its own, the same at each temperature.
        noise.Clear();
        new TemperatureStudy(Gradients, drawsAtOnce: 2) { Draws = 20 }.Measure(temperature => new GumbelRao(2, temperature), [0.1, 0.2, 0.4], reference);
        Assert.Equal(10, noise.Distinct().Count());
        Assert.Equal(noise[..10].Concat(noise[..10]).Concat(noise[..10]), noise);
        foreach (var tensor in drawn) tensor.Dispose();
    }

    [Fact]
    public void AReferenceIsDrawnTenTimesAsOften_OrAsOftenAsIsAsked()
    {
        var references = 0;
        Tensor Draw(IGradientEstimator estimator, Generator generator)
        {
            if (estimator is Reinforce) references++;
            return randn(2, generator: generator);
        }
        int Of(Action run)
        {
            references = 0;
            run();
            return references;
        }
        var curve = new TemperatureStudy(Draw) { Draws = 20 };
        static IGradientEstimator Family(double temperature) => new GumbelRao(2, temperature);
        Assert.Equal(200, Of(() => curve.Measure(Family, [0.1, 0.2, 0.4], new Reinforce())));
        Assert.Equal(30, Of(() => curve.Measure(Family, [0.1, 0.2, 0.4], new Reinforce(), 30)));
        var study = new GradientStudy(Draw) { Draws = 20 };
        Assert.Equal(200, Of(() => study.Compare([Family(1)], new Reinforce())));
        Assert.Equal(30, Of(() => study.Compare([Family(1)], new Reinforce(), 30)));
        // One that no estimator makes varies little: as often as the others.
        Assert.Equal(20, Of(() => curve.Measure(Family, [0.1, 0.2, 0.4], Unbiased)));
        Assert.Equal(30, Of(() => curve.Measure(Family, [0.1, 0.2, 0.4], Unbiased, 30)));
        Assert.Equal(20, Of(() => study.Compare([Family(1)], Unbiased)));
        Assert.Equal(30, Of(() => study.Compare([Family(1)], Unbiased, 30)));
        Assert.Equal((1000, 1000), (new GradientStudy(Draw).Draws, new TemperatureStudy(Draw).Draws));

        Tensor Unbiased(Generator generator)
        {
            references++;
            return randn(2, generator: generator);
        }
    }

    [Fact]
    public void ACurveIsTheMeanSquaredDistanceAndItsErrorThatOfBlocksLeftOut()
    {
        const int Draws = 25;
        using var scope = NewDisposeScope();
        var drawn = new List<double[]>();
        var curve = new TemperatureStudy((_, generator) =>
        {
            var gradient = randn(2, dtype: ScalarType.Float64, generator: generator);
            drawn.Add(gradient.data<double>().ToArray());
            return gradient;
        })
        { Draws = Draws }.Measure(temperature => new GumbelRao(2, temperature), [0.1, 0.2, 0.4], tensor(new[] { 1.0, 2 }));
        for (var t = 0; t < 3; t++)
        {
            // Blocks of two and three draws count alike.
            var blocks = Enumerable.Range(0, Draws).GroupBy(i => (10 * i + 9) / Draws).Select(block => block.Average(i =>
            {
                var g = drawn[t * Draws + i];
                return (g[0] - 1) * (g[0] - 1) + (g[1] - 2) * (g[1] - 2);
            })).ToList();
            Assert.Equal(blocks.Average(), curve.MeanSquaredErrors[t].Value, 1e-12);
            var spread = blocks.Sum(b => Math.Pow(b - blocks.Average(), 2));
            Assert.Equal(Math.Sqrt(spread / 90), curve.MeanSquaredErrors[t].Error, 1e-12);
        }
    }

    [Fact]
    public void TheBestTemperatureIsFound()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Two;
        const int Rows = 10;
        double[] grid = [0.15, 0.25, 0.4, 0.65, 1.0, 1.6];
        IGradientEstimator Estimator(double temperature) => new StraightThroughGumbelSoftmax(temperature);
        var exact = problem.Exact();
        var truth = grid.Select(temperature =>
        {
            using var statistics = problem.Draw(Estimator(temperature), 60_000, 77);
            return statistics.Trace.Value / Rows + Law.SquaredDistance(statistics, exact);
        }).ToList();
        var best = TemperatureChoice.Of(grid, truth, [truth, truth]);
        Assert.False(best.AtEdge);
        var study = new TemperatureStudy((estimator, generator) => Gradient(problem, estimator, generator, Rows)) { Draws = 300, Seed = 3 };
        foreach (var curve in new[] { study.Measure(Estimator, grid, exact), study.Measure(Estimator, grid, new Reinforce(), 1500) })
        {
            // Jackknife errors of ten blocks have the tails of Student's t with 9 degrees of freedom: 8 errors, false alarm 2e-5.
            for (var i = 0; i < grid.Length; i++)
                Assert.True(Math.Abs(curve.MeanSquaredErrors[i].Value - truth[i]) < 8 * curve.MeanSquaredErrors[i].Error, $"{grid[i]}: {curve.MeanSquaredErrors[i]}; {truth[i]}");
            var half = Math.Log(curve.Best.High / curve.Best.Low) / 2 / 1.96;
            Assert.True(Math.Abs(Math.Log(curve.Best.Temperature / best.Temperature)) < 8 * Math.Max(half, 0.01), $"{curve}; {best}");
            Assert.True(half < 0.4, $"{curve}");
        }
    }

    [Fact]
    public void AParabolasVertexIsFoundExactly_AndAnEdgeIsSaid()
    {
        double[] grid = [0.1, 0.3, 0.5, 1.0];
        static double Curve(double temperature) => 3 * Math.Pow(Math.Log(temperature / 0.37), 2) + 2;
        double[] curve = [.. grid.Select(Curve)];
        Assert.Equal(0.37, TemperatureChoice.Of(grid, curve, [curve, curve]).Temperature, 1e-12);
        var edge = TemperatureChoice.Of(grid, [1, 2, 3, 4], [[1, 2, 3, 4], [1, 2, 3, 4]]);
        Assert.Equal((0.1, true), (edge.Temperature, edge.AtEdge), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && a.Item2 == b.Item2);
    }

    internal static Tensor Gradient(Problem problem, IGradientEstimator estimator, Generator generator, int rows = 1)
    {
        var theta = problem.Theta.unsqueeze(0).repeat(rows, 1, 1).requires_grad_();
        var node = estimator.Sample(new OneHotCategorical(theta), generator);
        SurrogateLoss.Parallel(problem.Cost(node.Value), [node]).mean().backward();
        return theta.grad!.sum(dim: 0);
    }
}
