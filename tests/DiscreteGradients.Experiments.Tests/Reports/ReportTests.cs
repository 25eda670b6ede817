using System.Globalization;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("st-gs", 20, 8, 98.0)]
    [InlineData("gr-mc:1000", 200, 16, 92.2)]
    [InlineData("reinforce", 20, 2, 202.6)]
    [InlineData("gr-mc:10", 20, 4, 97.8)]
    [InlineData("st", 200, 16, 104.5)]
    public void ThePapersTableIsThere(string estimator, int batchSize, int arity, double bound) =>
        Assert.Equal(bound, PaperTable.Bound(EstimatorName.Parse(estimator), batchSize, arity));

    [Fact]
    public void WhatThePaperDidNotRunHasNoFigure()
    {
        Assert.Null(PaperTable.Bound(EstimatorName.Parse("gr-mc:5"), 20, 8));
        Assert.Null(PaperTable.Bound(EstimatorName.Parse("st-gs"), 30, 8));
        Assert.Null(PaperTable.Bound(EstimatorName.Parse("st-gs"), 20, 3));
    }

    [Fact]
    public void OnlyTheFixedBinarisationStandsBesideThePaper()
    {
        Run("a", "binarized MNIST", 98.25);
        Run("b", "MNIST (embedded)", 90);
        var rows = ResultsDocument.Markdown(folder.FullPath).Split('\n').Where(line => line.StartsWith("| st-gs", StringComparison.Ordinal)).ToList();
        Assert.Equal("| st-gs | 8 | 20 | 0.5 | 0.001 | 0.9 | deep | analytic | 50000 | 0 | 98.25 ± 0.50 | 5000 | 10000 | 12.3 | 98.0 | +0.25 | binarized MNIST |", rows[0]);
        Assert.EndsWith("| 12.3 |  |  | MNIST (embedded) |", rows[1], StringComparison.Ordinal);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void ARunBelowThePaperHasAMinusSign()
    {
        Run("a", "binarized MNIST", 97.5);
        Assert.Contains("| 98.0 | −0.50 |", ResultsDocument.Markdown(folder.FullPath), StringComparison.Ordinal);
    }

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
        var lines = ComparisonReport.Table(result).Split('\n');
        Assert.Matches(@"^estimator +log10 tr @5 +log10 tr @10 +bound, nats$", lines[0].TrimEnd('\r'));
        Assert.Matches(@"^st +2\.000 ± 0\.004 +- +diverged$", lines[1].TrimEnd('\r'));
        Assert.Matches(@"^gs +2\.000 ± 0\.004 +2\.000 ± 0\.004 +99\.50 ± 0\.50$", lines[2].TrimEnd('\r'));
    }

    public void Dispose() => folder.Dispose();

    private void Run(string name, string data, double bound)
    {
        using var run = RunFolder.Open(folder.At(name));
        run.Claim(new VaeSettings());
        new EvaluationRecord(Split.Test, new(bound, 0.5, 12.3, 5000, 10_000), 0, data, "as in the files", "1").Save(run.Path);
    }
}
