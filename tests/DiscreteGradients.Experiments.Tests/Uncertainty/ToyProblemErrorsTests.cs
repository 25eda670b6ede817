using DiscreteGradients.Experiments.Tests.ToyProblems;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Experiments.Tests.Uncertainty;

/// <summary>The error bars of the toy problems' studies, against quadrature.</summary>
public sealed class ToyProblemErrorsTests
{
    private const double Temperature = 0.5;
    private static readonly double[] Probabilities = [0.5, 0.3, 0.2];
    private static readonly double[,] Point = { { 0.5, 0.3, 0.2 } };
    private static readonly Lazy<ToyProblemMeasurement>[] Measured =
        [.. Enumerable.Range(0, 1000).Select(seed => new Lazy<ToyProblemMeasurement>(() => Study(seed).Run([EstimatorName.Parse("st-gs")], [Temperature]).Rows[0]))];

    private static readonly SimplexQuadrature Exact = new(Probabilities, Temperature);

    // The gradients' squared lengths are skew: of 200 of them, the intervals fall short of the normal law's rate.
    [Fact(Explicit = true)]
    public void TheErrorOfATraceCovers() => Coverage.Holds("trace", seed =>
    {
        var row = Measure(seed);
        return Parts(row.Trace);
    }, Exact.Trace(1), 0.90, 0.97);

    [Fact(Explicit = true)]
    public void TheErrorOfALogarithmOfATraceCovers() => Coverage.Holds("log trace", seed =>
    {
        var row = Measure(seed);
        return Parts(row.Log10Trace);
    }, Math.Log10(Exact.Trace(1)), 0.90, 0.97);

    // Of ten blocks, as Student's t with nine degrees of freedom: 0.92 of a normal law.
    [Fact(Explicit = true)]
    public void TheErrorOfADifferenceOfTracesCovers() => Coverage.Holds("difference of log traces", seed =>
    {
        var row = Study(seed).Run([EstimatorName.Parse("st-gs"), EstimatorName.Parse("gr-mc:50")], [Temperature]).Rows[1];
        return Parts(row.Log10TraceDifference);
    }, Math.Log10(Exact.Trace(1) / Exact.Trace(50)), 0.87, 0.98);

    // The same draws have the same trace: there is no chance in the difference, though there is in each of them.
    [Fact]
    public void WhatTheDrawsShareIsNotInTheErrorOfADifference()
    {
        var rows = Study(3).Run(EstimatorName.ParseList("st-gs,gr-mc:1,st-gs"), [Temperature]).Rows;
        Assert.Null(rows[0].Log10TraceDifference);
        Assert.Equal(new Estimate(0, 0), rows[2].Log10TraceDifference);
        Assert.True(rows[0].Log10Trace!.Value.Error > 0.01, "each trace has an error of its own");
        // In law gr-mc:1 is st-gs. Ten errors of Student's law with nine degrees of freedom: false alarm 4e-6.
        var other = rows[1].Log10TraceDifference!.Value;
        Assert.InRange(other.Value, -10 * other.Error, 10 * other.Error);
    }

    [Fact(Explicit = true)]
    public void TheErrorOfAMeanCovers() => Coverage.Holds("mean", seed =>
    {
        var row = Measure(seed);
        return (row.Mean![0], row.MeanError![0]);
    }, Exact.Mean[0], 0.92, 0.97);

    [Fact(Explicit = true)]
    public void TheErrorOfASquaredBiasCovers() => Coverage.HoldsTheMean("squared bias", seed =>
    {
        var row = Measure(seed);
        return Parts(row.SquaredBias);
    }, 0.86, 0.99);

    [Fact(Explicit = true)]
    public void TheErrorOfAMeanSquaredErrorCovers() => Coverage.HoldsTheMean("mean squared error", seed =>
    {
        var row = Measure(seed);
        return Parts(row.MeanSquaredError);
    }, 0.87, 0.98);

    // The error is one at most: it may cover more.
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(50)]
    public void TheErrorOfAStratifiedTraceCovers(int samples) => Coverage.Holds("stratified trace", seed =>
    {
        var trace = StratifiedTrace.Measure(new QuadraticProblem(), Point, samples, Temperature, 100, (ulong)seed);
        return (trace.Value, trace.Error);
    }, Exact.Trace(samples), 0.90);

    // At K = 1 the traces given a category say most; at K = 50 it is how far the means lie apart. The error may be too large, being
    // an upper bound. Of sixty repeats the spread is known to 9 %, and both bounds are five of its errors away.
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void TheErrorOfAStratifiedTraceMeetsItsSpread(int samples)
    {
        var traces = Enumerable.Range(0, 60).Select(seed =>
            StratifiedTrace.Measure(new QuadraticProblem(), Point, samples, Temperature, 30, (ulong)seed)).ToList();
        var mean = traces.Average(trace => trace.Value);
        var spread = Math.Sqrt(traces.Sum(trace => Math.Pow(trace.Value - mean, 2)) / (traces.Count - 1));
        var error = Math.Sqrt(traces.Average(trace => trace.Error * trace.Error));
        Assert.InRange(spread / error, 0.5, 1.45);
    }

    // Of two draws a category, half of its trace is in the distance of its mean: left there, it would make the whole a third too large.
    // Five standard errors: false alarm 6e-7.
    [Fact]
    public void AStratifiedTraceOfTwoDrawsIsUnbiased()
    {
        var mean = Estimate.Mean([.. Enumerable.Range(0, 1000).Select(seed =>
            StratifiedTrace.Measure(new QuadraticProblem(), Point, 1, Temperature, 2, (ulong)seed).Value)]);
        Assert.InRange(mean.Value - Exact.Trace(1), -5 * mean.Error, 5 * mean.Error);
    }

    private static (double Value, double Error) Parts(Estimate? estimate) => (estimate!.Value.Value, estimate.Value.Error);

    // The same thousand studies serve all tests of one estimator.
    private static ToyProblemMeasurement Measure(int seed) => Measured[seed].Value;

    private static ToyProblemStudy Study(int seed) => new(new QuadraticProblem(), Point, 200, (ulong)seed);
}
