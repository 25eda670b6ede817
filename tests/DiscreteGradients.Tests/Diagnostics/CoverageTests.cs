using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>Every error bar of the library, on simulated gradients whose truth is known: how often it holds the truth.</summary>
public sealed class CoverageTests
{
    // Normal gradients of 6 elements of different spread, mean δ in the first.
    private static readonly double[] Spreads = [1, 0.5, 0.5, 0.2, 2, 1];
    private static readonly double Trace = Spreads.Sum(s => s * s);

    private static Tensor Gradient(double shift, Generator generator)
    {
        var gradient = randn([6], dtype: ScalarType.Float64, generator: generator) * tensor(Spreads);
        gradient[0].add_(shift);
        return gradient;
    }

    private static (double Value, double Error) Parts(Estimate? estimate) => (estimate!.Value.Value, estimate.Value.Error);

    [Fact(Explicit = true)]
    public void OfATrace() => Coverage.Holds("trace", repeat =>
    {
        var row = new GradientStudy((_, generator) => Gradient(0, generator)) { Draws = 200, Seed = repeat }.Compare([new Reinforce()])[0];
        return Parts(row.Trace);
    }, Trace, 0.935, 0.97);

    [Fact(Explicit = true)]
    public void OfTheLogarithmOfATrace() => Coverage.Holds("log trace", repeat =>
    {
        var row = new GradientStudy((_, generator) => Gradient(0, generator)) { Draws = 200, Seed = repeat }.Compare([new Reinforce()])[0];
        return Parts(row.Log10Trace);
    }, Math.Log10(Trace), 0.935, 0.97);

    [Fact(Explicit = true)]
    public void OfAMean() => Coverage.Holds("mean", repeat =>
    {
        using var generator = new Generator((ulong)repeat);
        using var statistics = new GradientStatistics(6);
        for (var i = 0; i < 50; i++) statistics.Add(Gradient(0.3, generator));
        return (statistics.Mean()[0].item<double>(), statistics.StandardError()[0].item<double>());
    }, 0.3, 0.94, 0.96);

    // Ten blocks give the error itself to a quarter: Student's tails. Where there is no bias the floor of the error covers more.
    [Theory(Explicit = true)]
    [InlineData(0, 0.95)]
    [InlineData(0.1, 0.95)]
    [InlineData(0.3, 0.86)]
    [InlineData(2, 0.90)]
    public void OfASquaredBias(double shift, double least) => Coverage.Holds($"squared bias {shift * shift}", repeat =>
    {
        var row = new GradientStudy((_, generator) => Gradient(shift, generator)) { Draws = 100, Seed = repeat }
            .Compare([new Reinforce()], zeros(6, dtype: ScalarType.Float64))[0];
        return Parts(row.SquaredBias);
    }, shift * shift, least, 0.99);

    [Theory(Explicit = true)]
    [InlineData(0, 0.90)]
    [InlineData(2, 0.90)]
    public void OfASquaredBiasAgainstADrawnReference(double shift, double least) => Coverage.Holds($"squared bias {shift * shift}, drawn reference", repeat =>
    {
        var row = new GradientStudy((estimator, generator) => Gradient(estimator is Reinforce ? 0 : shift, generator)) { Draws = 50, Seed = repeat * 7 }
            .Compare([new StraightThrough()], new Reinforce(), 50)[0];
        return Parts(row.SquaredBias);
    }, shift * shift, least, 0.99);

    [Fact(Explicit = true)]
    public void OfAMeanSquaredError() => Coverage.Holds("mean squared error", repeat =>
    {
        var row = new GradientStudy((_, generator) => Gradient(1, generator)) { Draws = 100, Seed = repeat }
            .Compare([new Reinforce()], zeros(6, dtype: ScalarType.Float64))[0];
        return Parts(row.MeanSquaredError);
    }, Trace + 1, 0.92, 0.98);

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public void OfTheTwoPartsOfProposition3(bool conditional) => Coverage.Holds("parts of Proposition 3", repeat =>
    {
        // tr var = 5/K + 2, measured at three K with known errors.
        using var generator = new Generator((ulong)repeat);
        var noise = randn([3], dtype: ScalarType.Float64, generator: generator).data<double>().ToArray();
        var parts = VarianceDecomposition.Fit([(1, new(7 + 0.3 * noise[0], 0.3)), (10, new(2.5 + 0.1 * noise[1], 0.1)), (100, new(2.05 + 0.2 * noise[2], 0.2))]);
        return Parts(conditional ? parts.Conditional : parts.Residual);
    }, conditional ? 5 : 2, 0.9545, 0.9545);

    /// <summary>E‖g‖² = (log τ)² + noise of trace 1/τ: a curve whose error and whose minimum are known.</summary>
    private static TemperatureCurve Curve(long seed) => new TemperatureStudy((estimator, generator) =>
    {
        var temperature = ((GumbelRao)estimator).Temperature;
        return randn([4], dtype: ScalarType.Float64, generator: generator) * (0.5 / Math.Sqrt(temperature)) + Math.Log(temperature / 0.2);
    })
    { Draws = 200, Seed = seed }.Measure(temperature => new GumbelRao(2, temperature), [0.1, 0.2, 0.4, 0.8, 1.6], zeros(4, dtype: ScalarType.Float64));

    private static double CurveAt(double temperature) => (4 * Math.Pow(Math.Log(temperature / 0.2), 2)) + (1 / temperature);

    // A jackknife of ten blocks: Student's t with 9 degrees of freedom puts 92.3 % within two errors.
    [Fact(Explicit = true)]
    public void OfACurveOverTemperatures() => Coverage.Holds("curve over temperatures", repeat =>
    {
        var curve = Curve(repeat);
        return Parts(curve.MeanSquaredErrors[2]);
    }, CurveAt(0.4), 0.915, 0.94);

    [Fact(Explicit = true)]
    public void OfTheBestTemperature()
    {
        double[] grid = [0.1, 0.2, 0.4, 0.8, 1.6];
        double[] errors = [.. grid.Select(CurveAt)];
        var truth = Math.Log(TemperatureChoice.Of(grid, errors, [errors, errors]).Temperature);
        Coverage.Holds("best temperature", repeat =>
        {
            var best = Curve(repeat).Best;
            return (Math.Log(best.Temperature), Math.Log(best.High / best.Low) / 2 / 1.96);
        }, truth, 0.90, 0.97);
    }

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public void OfAScaleFreeError(bool drawn) => Coverage.Holds($"scale-free error, {(drawn ? "drawn" : "known")} reference", repeat =>
    {
        // Mean (1, 0, …), reference (1, 1, 0, …), 20 draws averaged.
        var reference = zeros(6, dtype: ScalarType.Float64);
        reference[..2] = 1;
        var study = new GradientStudy((_, generator) => Gradient(1, generator)) { Draws = 200, Seed = repeat * 7 };
        var row = drawn
            ? study.Compare([new Reinforce()], generator => Gradient(0, generator) + reference, 2000)[0]
            : study.Compare([new Reinforce()], reference)[0];
        return Parts(row.ScaleFreeError(20));
    }, 1 - 1 / (2 * (1 + Trace / 20)), 0.90, 0.98);

    [Fact(Explicit = true)]
    public void OfTheBestWeight() => Coverage.Holds("best weight", repeat =>
    {
        // S of mean 0 and N of mean (1, 0, …), independent: λ* = 1/(1 + tr var N/B).
        var study = new WeightStudy((estimator, generator) =>
        {
            var (first, second) = (Gradient(0, generator), Gradient(1, generator));
            return first + second * ((SecondOrderStraightThrough)estimator).Weight;
        })
        { Draws = 200, Seed = repeat };
        return Parts(study.Measure(20).Weight);
    }, 1 / (1 + Trace / 20), 0.90, 0.98);
}
