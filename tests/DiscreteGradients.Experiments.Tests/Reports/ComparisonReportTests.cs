using System.Globalization;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Reports;

public sealed class ComparisonReportTests
{
    [Theory]
    [InlineData(".")]
    [InlineData(",")]
    public void ATableShowsEveryStep_ThoughTheFirstEstimatorDiverged(string separatorOfTheCulture)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = separatorOfTheCulture;
        CultureInfo.CurrentCulture = culture;   // of this test alone
        var variance = new GradientVariance(100, 1, 10, 20);
        var result = new ComparisonResult("data", "none", new VaeSettings(),
        [
            new(EstimatorName.Parse("st"), RunStatus.Diverged, [new(5, variance)], [], null),
            new(EstimatorName.Parse("gs"), RunStatus.Completed, [new(5, variance), new(10, variance)], [], new BoundResult(99.5, 0.5, 3, 2, 6)),
        ], "1");
        var lines = ComparisonReport.Text(result).Split('\n');
        Assert.Matches(@"^estimator +log10 tr @5 +log10 tr @10 +bound, nats$", lines[0].TrimEnd('\r'));
        Assert.Matches(@"^st +2\.000 ± 0\.004 +- +diverged$", lines[1].TrimEnd('\r'));
        Assert.Matches(@"^gs +2\.000 ± 0\.004 +2\.000 ± 0\.004 +99\.50 ± 0\.50$", lines[2].TrimEnd('\r'));
        var single = result with { Rows = [result.Rows[1] with { Bound = new BoundResult(99.5, double.NaN, 3, 2, 1) }] };
        Assert.EndsWith(" 99.50", ComparisonReport.Text(single).Split('\n')[1].TrimEnd('\r'), StringComparison.Ordinal);
        Assert.Contains("(10 minibatches, 20 passes). Bound: negative log-likelihood bound on 6 validation images, M = 2; ",
            ComparisonReport.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void TheConclusionIsImageByImage_AndOfTheLastCommonStep()
    {
        // The images differ by far more than the estimators do.
        double[] easy = [80, 100, 120, 140];
        var result = Result(
            Row("st-gs", 0, 200, easy),
            Row("gr", 0, 100, [.. easy.Select((bound, i) => bound - 2 - 0.1 * i)]),
            Row("gs", 0, 198, [.. easy.Select((bound, i) => bound + (i % 2 == 0 ? 1 : -1))]));
        Assert.Equal(
        [
            "The gradient of GR has 0.500 ± 0.007 times the variance of that of ST-GS at step 8,000.",
            "The bound of GR is 2.15 ± 0.06 nats better than that of ST-GS on the same 4 validation images (paired), one seed.",
            "The variances of the gradients of GS and ST-GS are not distinguishable at step 8,000: their ratio is 0.990 ± 0.014.",
            "The bounds of GS and ST-GS are not distinguishable on the same 4 validation images (paired): that of GS is 0.0 ± 0.6 nats better, one seed.",
        ], ComparisonReport.Conclusions(result));
    }

    /// <summary>The minibatches differ by far more than the estimators do; lines of before do not tell them apart.</summary>
    [Fact]
    public void VariancesAreComparedMinibatchByMinibatch_WhereTheLinesHaveThem()
    {
        double[] images = [90, 100], hard = [100, 200, 300, 400];
        var theirs = Row("st-gs", 0, 1, images) with { Variances = [Traces(hard)] };
        var ours = Row("gr", 0, 1, images) with { Variances = [Traces(51, 99, 151, 199)] };
        // ±1/250 each, of which the mean has an error of 0.0023; as independent, each has one of 26 %.
        Assert.Contains("The gradient of GR has 0.500 ± 0.002 times the variance of that of ST-GS at step 8,000.",
            ComparisonReport.Conclusions(Result(theirs, ours)));
        var before = new VariancePoint(8000, ours.Variances[0].Variance with { Traces = null });
        Assert.Contains(
            "The variances of the gradients of GR and ST-GS are not distinguishable at step 8,000: their ratio is 0.50 ± 0.18.",
            ComparisonReport.Conclusions(Result(theirs, ours with { Variances = [before] })));
    }

    /// <summary>The ratio is 0.9, whose logarithm is 2.16 or 2.37 errors from 0. With nine degrees of freedom 2.26 are within
    /// chance.</summary>
    [Theory]
    [InlineData(13.2, false)]
    [InlineData(12, true)]
    public void TenMinibatchesHaveNineDegreesOfFreedom(double spread, bool isTold)
    {
        double[] images = [90, 100];
        var theirs = Row("st-gs", 0, 100, images) with { Variances = [Traces([.. Enumerable.Repeat(100.0, 10)])] };
        var ours = Row("gr", 0, 90, images) with
        {
            Variances = [Traces([.. Enumerable.Range(0, 10).Select(i => 90 + (i % 2 == 0 ? spread : -spread))])],
        };
        Assert.Contains(isTold ? "The gradient of GR has 0.90 ± 0.04 times the variance of that of ST-GS at step 8,000."
            : "The variances of the gradients of GR and ST-GS are not distinguishable at step 8,000: their ratio is 0.90 ± 0.04.",
            ComparisonReport.Conclusions(Result(theirs, ours)));
    }

    /// <summary>The ratios are 0.03 and 0.083: the mean of their logarithms is 5.9 errors from 0. With one degree of freedom 12.7
    /// are within chance.</summary>
    [Theory]
    [InlineData("st-gs", "gr", "GR and ST-GS", "0.05 ± 0.03")]
    [InlineData("gr", "st-gs", "ST-GS and GR", "20 ± 10")]
    public void OverTwoSeedsOneRatioAndTheOtherSayTheSame(string first, string second, string names, string ratio)
    {
        double[] images = [90, 100];
        var rows = from name in (string[])[first, second]
                   from seed in (ulong[])[0, 1]
                   select Row(name, seed, name == "st-gs" ? 100 : seed == 0 ? 3 : 8.3, images);
        Assert.Contains($"The variances of the gradients of {names} are not distinguishable at step 8,000: "
            + $"their ratio is {ratio}, over 2 seeds.", ComparisonReport.Conclusions(Result([.. rows])));
    }

    [Fact]
    public void OverSeedsTheErrorIsThatOfTheTrainings_SeedBySeed()
    {
        double[] images = [90, 100, 110];
        // The seeds differ by more than the estimators do, and are in another order.
        var result = Result(
            [.. Enumerable.Range(0, 3).Select(seed => Row("st-gs", (ulong)seed, 100 * Math.Pow(4, seed), Shifted(10 * seed))),
             .. Enumerable.Range(0, 3).Reverse().Select(seed => Row("gr", (ulong)seed, 25 * Math.Pow(8, seed), Shifted(11 * seed + 1)))]);
        // Ratios of 1/4, 1/2 and 1: their logarithms have the mean of that of 1/2 and an error of 0.4. Three trainings: a mean
        // of 2 nats with an error of 0.58 is within 4.3 errors of 0.
        Assert.Equal(
        [
            "The variances of the gradients of GR and ST-GS are not distinguishable at step 8,000: their ratio is 0.5 ± 0.2, over 3 seeds.",
            "The bounds of GR and ST-GS are not distinguishable on the same 3 validation images (paired): that of GR is 2.0 ± 0.6 nats worse, over 3 seeds.",
        ], ComparisonReport.Conclusions(result));
        var table = ComparisonReport.Text(result).Split('\n');
        Assert.Contains(table, line => line.StartsWith("gr, mean ± spread", StringComparison.Ordinal) && line.EndsWith("112.00 ± 11.00", StringComparison.Ordinal));

        double[] Shifted(double shift) => [.. images.Select(bound => bound + shift)];
    }

    [Fact]
    public void WhatDivergedIsSaid_AndTheRestIsComparedSeedBySeed()
    {
        double[] images = [90, 100];
        var (gr, gs) = (Row("gr", 1, 100, [88, 98.6]), Row("gs", 1, 100, images));
        var result = Result(Row("st-gs", 0, 200, images), Row("st-gs", 1, 400, images),
            Diverged(Row("gr", 0, 1, images)), gr, Diverged(Row("st", 0, 1, images)), gs);
        var conclusions = ComparisonReport.Conclusions(result);
        Assert.Equal(["GR diverged with 1 of 2 seeds.", "ST diverged."], conclusions.Take(2));
        Assert.Equal(["The gradient of GR has 0.250 ± 0.004 times the variance of that of ST-GS at step 8,000.",
            "The bound of GR is 1.7 ± 0.3 nats better than that of ST-GS on the same 2 validation images (paired), one seed."],
                conclusions.Skip(2).Take(2));
        Assert.DoesNotContain(conclusions.Skip(2), sentence => sentence.Contains("of ST ", StringComparison.Ordinal));
        Assert.Contains(", seeds 0,1. ", ComparisonReport.Text(result), StringComparison.Ordinal);
        Assert.Contains(", seed 1. ", ComparisonReport.Text(Result(gr, gs)), StringComparison.Ordinal);

        static ComparisonRow Diverged(ComparisonRow row) =>
            row with { Status = RunStatus.Diverged, Variances = [], Bound = null, Bounds = null };
    }

    [Fact]
    public void VariancesAreComparedAtTheLastStepThatBothHave()
    {
        double[] images = [90, 100];
        var conclusions = ComparisonReport.Conclusions(Result(
            Row("st-gs", 0, 1, images) with { Variances = [Point(4000, 100), Point(8000, 10)] },
            Row("gr", 0, 1, images) with { Variances = [Point(4000, 50), Point(6000, 1)] },
            Row("gs", 0, 1, images) with { Variances = [Point(4000, 100), Point(8000, 2.5)] }));
        Assert.Contains("The gradient of GR has 0.500 ± 0.007 times the variance of that of ST-GS at step 4,000.", conclusions);
        Assert.Contains("The gradient of GS has 0.250 ± 0.004 times the variance of that of ST-GS at step 8,000.", conclusions);
    }

    private static ComparisonResult Result(params ComparisonRow[] rows) => new("data", "none", new VaeSettings(), rows, "1");

    private static ComparisonRow Row(string name, ulong seed, double variance, double[] bounds)
    {
        var bound = new BoundResult(bounds.Average(), 5, 3, 2, bounds.Length);
        return new(EstimatorName.Parse(name), RunStatus.Completed, [Point(8000, variance)], [], bound) { Seed = seed, Bounds = bounds };
    }

    private static VariancePoint Traces(params double[] traces)
    {
        var mean = Estimate.Mean(traces);
        return new(8000, new(mean.Value, mean.Error, traces.Length, 20) { Traces = traces });
    }

    private static VariancePoint Point(int step, double variance) => new(step, new(variance, variance / 100, 10, 20));
}
