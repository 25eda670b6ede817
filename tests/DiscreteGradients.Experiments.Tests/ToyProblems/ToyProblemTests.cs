using System.Globalization;
using System.Text.Json;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

public sealed class ToyProblemTests
{
    private static readonly double[][] Points = [[0.5, 0.3, 0.2], [0.05, 0.9, 0.05], [0.7, 0.1, 0.2], [1 / 3.0, 1 / 3.0, 1 / 3.0]];

    [Fact]
    public void ExactGradientsAreThoseOfEnumeration()
    {
        foreach (var p in Points)
        {
            var point = Point(p);
            Check(new QuadraticProblem(), point);
            Assert.Equal(new QuadraticProblem().Objective(point), Enumerable.Range(0, 3).Sum(i => Enumerable.Range(0, 3).Sum(j => (p[i] - 1 / 3.0) * Math.Exp(-2 * Math.Abs(i - j)) * (p[j] - 1 / 3.0))), 1e-14);
        }
        foreach (var power in new[] { 1.5, 2, 3 })
        {
            var problem = PolynomialProblem.Create(power, 5);
            Check(problem, problem.Point(0.3));
            // Each variable with a probability of its own.
            Check(problem, new[,] { { 0.9, 0.1 }, { 0.3, 0.7 }, { 0.5, 0.5 }, { 0.2, 0.8 }, { 0.65, 0.35 } });
        }

        static void Check(IToyProblem problem, double[,] point)
        {
            using var scope = NewDisposeScope();
            var theta = tensor(point).log();
            var (byValue, total) = problem.ExactGradient(point);
            Assert.True(ExactGradient.Of(theta, problem.CostAt(point)).allclose(tensor(byValue!), 1e-10, 1e-12), "by way of D");
            var leaf = theta.clone().requires_grad_();
            var expectation = ExactGradient.Expectation(new OneHotCategorical(leaf),
                value => problem.Cost(new OneHotCategorical(leaf.unsqueeze(0).expand(value.shape[0], -1, -1)), value));
            expectation.backward();
            Assert.Equal(problem.Objective(point), expectation.item<double>(), 1e-12);
            Assert.True(leaf.grad!.allclose(tensor(total), 1e-10, 1e-12), "in all");
        }
    }

    [Theory]
    [InlineData(0.5, 0.3, 0.2, 0.5)]
    [InlineData(0.1, 0.15, 0.75, 0.1)]
    [InlineData(0.94, 0.03, 0.03, 1.0)]
    public void EstimatorsHaveTheVarianceOfQuadrature(double p1, double p2, double p3, double temperature)
    {
        var exact = new SimplexQuadrature([p1, p2, p3], temperature);
        var study = new ToyProblemStudy(new QuadraticProblem(), Point([p1, p2, p3]), 40_000, 3);
        var result = study.Run([EstimatorName.Parse("st-gs"), EstimatorName.Parse("gr-mc:50")], [temperature]);
        foreach (var (row, samples) in result.Rows.Zip([1, 50]))
        {
            // 5 standard errors, false alarm 6e-7 each, and the quadrature's own 0.002.
            Assert.True(Math.Abs(row.Log10Trace!.Value.Value - Math.Log10(exact.Trace(samples))) < 5 * row.Log10Trace.Value.Error + 0.002, $"{row}; {Math.Log10(exact.Trace(samples))}");
            Assert.True(row.Mean!.Zip(row.MeanError!, exact.Mean).All(t => Math.Abs(t.First - t.Third) < 5 * t.Second + 1e-5), $"{row}");
            var bias = exact.Mean.Zip(result.ExactByValue!, (a, b) => (a - b) * (a - b)).Sum();
            Assert.True(Math.Abs(row.SquaredBias!.Value.Value - bias) < 6 * row.SquaredBias.Value.Error + 1e-8, $"{row}; {bias}");
        }
        var settings = new Figure1Settings { Temperatures = [temperature], Samples = 50 };
        var point = Figure1.Measure(settings, [p1, p2, p3], 5);
        Assert.True(Math.Abs(point.Difference[0] - Math.Log10(exact.Trace(1) / exact.Trace(50))) < 5 * point.Error[0] + 0.002, $"{point.Difference[0]} ± {point.Error[0]}; {exact.Trace(1)}, {exact.Trace(50)}");
        Assert.InRange(point.Error[0], 1e-4, 0.03);
        // GR itself does not vary given the category: what is uncertain is ST-GS alone.
        var limit = Figure1.Measure(settings with { Exact = true }, [p1, p2, p3], 5);
        Assert.True(Math.Abs(limit.Difference[0] - Math.Log10(exact.Trace(1) / exact.Trace(int.MaxValue))) < 5 * limit.Error[0] + 0.002, $"{limit.Difference[0]} ± {limit.Error[0]}");
        Assert.InRange(limit.Error[0], 1e-4, point.Error[0]);
    }

    [Fact]
    public void ReinforceIsUnbiased_WithTheDirectTermAndWithout()
    {
        foreach (var direct in new[] { false, true })
        {
            var result = new ToyProblemStudy(new QuadraticProblem(), Point([0.5, 0.3, 0.2]), 50_000, 1) { Direct = direct }.Run([EstimatorName.Parse("reinforce")], [1]);
            var (row, exact) = (result.Rows[0], direct ? result.ExactTotal : result.ExactByValue!);
            // 5 standard errors: false alarm 6e-7 an element.
            Assert.True(row.Mean!.Zip(row.MeanError!, exact).All(t => Math.Abs(t.First - t.Third) < 5 * t.Second), $"direct {direct}");
            var bias = row.SquaredBias!.Value;
            Assert.True(Math.Abs(bias.Value) < 5 * bias.Error, $"direct {direct}: {bias}");
        }
    }

    // The batch is that of a training: it moves the suggestion.
    [Fact]
    public void TheErrorsOfTheRowsAreThoseOfOneGradient_WhateverTheBatch()
    {
        var (one, twenty) = (Row(1), Row(20));
        Assert.Equal(one.MeanSquaredError, twenty.MeanSquaredError);
        Assert.Equal(one.Trace!.Value.Value + one.SquaredBias!.Value.Value, twenty.MeanSquaredError!.Value.Value, 1e-4);

        static ToyProblemMeasurement Row(int batch) => new ToyProblemStudy(new QuadraticProblem(), Point([0.5, 0.3, 0.2]), 500, 3) { Batch = batch }
            .Run([EstimatorName.Parse("st-gs")], [0.5]).Rows[0];
    }

    [Fact]
    public void DifferencesAreToTheFirstEstimatorAtTheSameTemperature()
    {
        var result = new ToyProblemStudy(new QuadraticProblem(), Point([0.5, 0.3, 0.2]), 2_000, 3).Run(EstimatorName.ParseList("st-gs,gr-mc:10"), [0.2, 1]);
        Assert.Equal(4, result.Rows.Count);
        foreach (var row in result.Rows)
        {
            var first = result.Rows.Single(other => $"{other.Estimator}" == "st-gs" && other.Temperature == row.Temperature);
            if (row == first)
            {
                Assert.Null(row.Log10TraceDifference);
                continue;
            }
            Assert.Equal(first.Log10Trace!.Value.Value - row.Log10Trace!.Value.Value, row.Log10TraceDifference!.Value.Value, 1e-9);
        }
    }

    [Fact]
    public void OnASingularLineTheLimitIsTaken_AndNothingIsNaN()
    {
        double[] on = [2 / 3.0, 0.2, 1 - 2 / 3.0 - 0.2];
        double[] near = [2 / 3.0 + 2e-5, 0.2, 1 - 2 / 3.0 - 0.2 - 2e-5];
        EstimatorName[] specs = [EstimatorName.Parse("st-gs"), EstimatorName.Parse("gr-mc:50")];
        var result = new ToyProblemStudy(new QuadraticProblem(), Point(on), 20_000, 2).Run(specs, [0.5]);
        Assert.True(result.Singular);
        Assert.Null(result.ExactByValue);
        Assert.All(result.ExactTotal, value => Assert.True(double.IsFinite(value)));
        Assert.Null(result.Rows[1].Trace);
        var limit = new SimplexQuadrature(near, 0.5);
        Assert.True(Math.Abs(result.Rows[1].Log10TraceDifference!.Value.Value - Math.Log10(limit.Trace(1) / limit.Trace(50))) < 5 * result.Rows[1].Log10TraceDifference!.Value.Error + 0.003, $"{result.Rows[1]}");
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(result, JsonText.Line), StringComparison.Ordinal);
        Assert.True(Figure1.Measure(new Figure1Settings { Draws = 100, RaoDraws = 100, Samples = 5 }, on, 1).Difference.All(double.IsFinite));
    }

    [Fact]
    public void OnTheRimNothingIsNaN()
    {
        foreach (var p in new double[][] { [1, 0, 0], [0.5, 0.5, 0], [0, 2 / 3.0, 1 / 3.0] })
        {
            var result = new ToyProblemStudy(new QuadraticProblem(), Point(p), 200, 2).Run([.. new[] { "st", "gs", "st-gs", "gr-mc:5", "gr", "reinforce" }.Select(EstimatorName.Parse)], [0.1, 1]);
            var json = JsonSerializer.Serialize(result, JsonText.Line);
            Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheSuggestionIsTheLeastOfTheCurve_AndBatchesMoveIt()
    {
        double[] grid = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2];
        var point = Point([0.5, 0.3, 0.2]);
        SuggestedAt Suggest(int batch)
        {
            var result = new ToyProblemStudy(new QuadraticProblem(), point, 4_000, 4) { Batch = batch }.Run([EstimatorName.Parse("gr-mc:20")], grid);
            var best = grid.MinBy(t => result.Rows.Single(row => row.Temperature == t) is var row ? row.Trace!.Value.Value / batch + row.SquaredBias!.Value.Value : 0);
            return new(result.Suggestions!.Single().Temperature, best, Array.IndexOf(grid, best));
        }
        var (one, many) = (Suggest(1), Suggest(1000));
        foreach (var at in new[] { one, many }) Assert.InRange(at.Suggested, grid[Math.Max(0, at.Index - 1)], grid[Math.Min(grid.Length - 1, at.Index + 1)]);
        Assert.True(many.Suggested < one.Suggested, "less variance to trade bias for");
    }

    [Fact]
    public void WhereNothingVariesThereIsNoDifference_AndTheFigureIsDrawn()
    {
        // One of the points of a grid of side 4 is the centre, where f is 0.
        using var folder = new TemporaryFolder();
        var settings = new Figure1Settings { Side = 4, Draws = 20, RaoDraws = 20, Samples = 2, Temperatures = [0.5] };
        var points = Figure1.Make(settings, folder.At("figure"), 1);
        var centre = Assert.Single(points, point => point.Objective < 1e-12);
        Assert.True(double.IsNaN(centre.Difference[0]) && centre.StraightThrough[0] is null, $"{centre.Difference[0]}");
        Assert.True(File.Exists(folder.At("figure/figure-1.png")));
        // As read back from what was measured.
        Assert.Equal(JsonSerializer.Serialize(points, JsonText.Line), JsonSerializer.Serialize(Figure1.Make(settings, folder.At("figure"), 1), JsonText.Line));
    }

    [Fact]
    public void TheNumbersOfTheFigureAreThoseOfItsPoints()
    {
        using var folder = new TemporaryFolder();
        var settings = new Figure1Settings { Side = 3, Draws = 40, RaoDraws = 30, Samples = 4, Temperatures = [1, 0.3], Seed = 7 };
        Figure1.Make(settings, folder.At("figure"), 2);
        var lines = File.ReadAllLines(folder.At("figure/figure-1.csv")).Select(line => line.Split(',')).ToList();
        Assert.Equal("p1 p2 p3 objective temperature log10-trace-st-gs log10-trace-gr-mc difference standard-error singular", string.Join(' ', lines[0]));
        var points = new TriangleGrid(3).Points;
        Assert.Equal(1 + 2 * points.Count, lines.Count);
        for (var i = 0; i < points.Count; i++)
        {
            var point = Figure1.Measure(settings, points[i], Seeds.Derive(7, (ulong)i));
            for (var t = 0; t < 2; t++)
            {
                double[] cells = [.. lines[1 + 2 * i + t].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
                var (first, second) = (point.StraightThrough[t]!.Value, point.GumbelRao[t]!.Value);
                double[] expected =
                    [.. points[i], new QuadraticProblem().Objective(Point(points[i])), settings.Temperatures[t], first, second, first - second];
                Assert.All(expected.Zip(cells), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
                Assert.Equal(point.Error[t], cells[8], 1e-2 * point.Error[t]);
                Assert.Equal(0, cells[9]);
            }
        }
    }

    /// <summary>Every estimator has the same noise, whichever others are measured before it.</summary>
    [Fact]
    public void AStudyOfSeveralEstimatorsIsThatOfEachAlone()
    {
        double[] grid = [0.2, 0.5, 1.2];
        var names = EstimatorName.ParseList("st-gs,reinforce,gr-mc:20,st");
        var all = Run([.. names]);
        Assert.Equal(from temperature in grid from name in names select $"{name} {temperature}", all.Rows.Select(row => $"{row.Estimator} {row.Temperature}"));
        // REINFORCE has no temperature to suggest.
        Assert.Equal(["st-gs", "gr-mc:20", "st"], all.Suggestions!.Select(one => $"{one.Estimator}"));
        foreach (var name in names)
        {
            var alone = Run(name);
            Assert.Equal(Text(alone.Rows), Text(all.Rows.Where(row => row.Estimator == name)));
            Assert.Equal(alone.Suggestions!, all.Suggestions!.Where(one => one.Estimator == name));
        }

        ToyProblemResult Run(params EstimatorName[] some) =>
            new ToyProblemStudy(new QuadraticProblem(), Point([0.5, 0.3, 0.2]), 400, 6) { Batch = 3 }.Run(some, grid);

        // A difference is to the first of those at hand.
        static string Text(IEnumerable<ToyProblemMeasurement> rows) =>
            JsonSerializer.Serialize(rows.Select(row => row with { Log10TraceDifference = null }).ToList(), JsonText.Line);
    }

    [Fact]
    public void AStudyGivesTheFiguresThatItGave()
    {
        var result = new ToyProblemStudy(new QuadraticProblem(), Point([0.5, 0.3, 0.2]), 450, 0).Run([.. new[] { "st-gs", "reinforce" }.Select(EstimatorName.Parse)], [0.3]);
        double[][] golden =
        [
            [0.00191458691, -0.00467235736, 0.00275777032, 0.00246134665, 0.00669206877, 0.000539148041, -3.2827172e-05, 3.87773249e-05, 0.00648886649, 0.000504393869],
            [0.00216852891, -0.00522393289, 0.00305540408, 0.00026774632, 7.90913505e-05, 2.60007784e-06, -1.00915317e-07, 9.15575406e-08, 7.95163926e-05, 2.40843777e-06],
        ];
        // The order of sums is free, and libtorch's float32 may differ from machine to machine in its last bits.
        foreach (var (row, expected) in result.Rows.Zip(golden))
        {
            double[] figures = [.. row.Mean!, row.MeanError![0], row.Trace!.Value.Value, row.Trace.Value.Error, row.SquaredBias!.Value.Value, row.SquaredBias.Value.Error,
                row.MeanSquaredError!.Value.Value, row.MeanSquaredError.Value.Error];
            Assert.All(expected.Zip(figures), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
        }
    }

    private static double[,] Point(double[] p) => new[,] { { p[0], p[1], p[2] } };

    private sealed record SuggestedAt(double Suggested, double Best, int Index);
}
