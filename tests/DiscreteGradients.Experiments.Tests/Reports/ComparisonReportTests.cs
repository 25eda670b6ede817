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

    [Fact]
    public void OverSeedsTheErrorIsThatOfTheTrainings()
    {
        double[] images = [90, 100, 110];
        var result = Result(
            [.. Enumerable.Range(0, 3).Select(seed => Row("st-gs", (ulong)seed, 100, images)),
             .. Enumerable.Range(0, 3).Select(seed => Row("gr", (ulong)seed, 50, [.. images.Select(bound => bound + 1 + seed)]))]);
        // Three trainings: a mean of 2 with an error of 0.58 is within 4.3 errors of 0.
        Assert.Contains("The bounds of GR and ST-GS are not distinguishable on the same 3 validation images (paired): that of GR is 2.0 ± 0.6 nats worse, over 3 seeds.",
            ComparisonReport.Conclusions(result));
        var table = ComparisonReport.Text(result).Split('\n');
        Assert.Contains(table, line => line.StartsWith("gr, mean ± spread", StringComparison.Ordinal) && line.EndsWith("102.00 ± 1.00", StringComparison.Ordinal));
    }

    private static ComparisonResult Result(params ComparisonRow[] rows) => new("data", "none", new VaeSettings(), rows, "1");

    private static ComparisonRow Row(string name, ulong seed, double variance, double[] bounds)
    {
        VariancePoint point = new(8000, new(variance, variance / 100, 10, 20));
        var bound = new BoundResult(bounds.Average(), 5, 3, 2, bounds.Length);
        return new(EstimatorName.Parse(name), RunStatus.Completed, [point], [], bound) { Seed = seed, Bounds = bounds };
    }
}
