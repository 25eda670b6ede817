using System.Globalization;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

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
}
