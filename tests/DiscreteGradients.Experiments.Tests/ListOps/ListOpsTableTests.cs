using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class ListOpsTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(10, "st-gs", 0.01, 38.8)]
    [InlineData(25, "gr-mc:100", 0.1, 61.3)]
    [InlineData(50, "gr-mc:1000", 1, 59.9)]
    [InlineData(10, "gr-mc:10", 1, 66.7)]
    public void ThePapersTableIsThere(int maxLength, string estimator, double temperature, double accuracy)
    {
        Assert.Equal(accuracy, ListOpsTable.PaperAccuracy(maxLength, EstimatorName.Parse(estimator), temperature));
        Assert.Null(ListOpsTable.PaperAccuracy(maxLength, EstimatorName.Parse(estimator), 0.5));
    }

    [Fact]
    public void SeedsAreOneRow_WithMeanDeviationAndWhatFell()
    {
        Run("a", 0, 0.68, 0.66, best: 0.67, last: 0.66);
        Run("b", 1, 0.66, 0.30, best: 0.65, last: 0.31);
        Run("c", 2, 0.64, null, best: 0.63, last: 0.20, RunStatus.Diverged);
        // One run is better than any at 0.1, and the mean is not.
        Run("d", 0, 0.69, 0.69, best: 0.70, last: 0.70, learningRate: 0.2);
        Run("e", 1, 0.62, 0.62, best: 0.70, last: 0.70, learningRate: 0.2);
        var table = ListOpsTable.Make(folder.FullPath);
        Assert.Equal(36, table.Rows.Count);
        Assert.Equal(35, table.Rows.Count(row => row.Contains("not run")));
        Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
        // The learning rate is chosen on validation. Diverged runs have no last epoch: (67, 65, 63) and (66, 31).
        Assert.Equal(
            ["10", "st-gs", "0.1", "right, buckets", "0.1", "10", "3", "65.0 ± 2.0", "48.5 ± 24.7", "2", "1", "0.40", "59.3", "+5.7", "2", "generated"],
            Assert.Single(table.Rows, row => !row.Contains("not run")));
        Assert.Contains("| 10 | st-gs | 0.1 | right, buckets | 0.2 | 10 | 2 | 70.0 ± 0.0 | 70.0 ± 0.0 | 0 | 0 | 0.40 |\n", ListOpsTable.Markdown(folder.FullPath, Wording.Dgrad), StringComparison.Ordinal);
        Assert.Contains("## ListOps: Table 1", ResultsDocument.Markdown(folder.FullPath, Wording.Dgrad), StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutcomeIsOfRunsWithoutAFlaw_ItsAccuracyOfTheRateThatIsBestOnValidation()
    {
        Run("a", 0, 0.68, 0.66, best: 0.67, last: 0.66);
        Run("b", 1, 0.66, 0.30, best: 0.65, last: 0.31);
        Run("c", 0, 0.65, 0.65, best: 0.70, last: 0.70, learningRate: 0.2);
        Run("masked", 0, 0.90, 0.10, best: 0.95, last: 0.95, masking: Masking.Reference);
        Run("padded", 0, 0.91, 0.10, best: 0.96, last: 0.96, batching: Batching.Shuffled);
        var outcome = Assert.Single(ListOpsTable.Outcomes(folder.FullPath));
        var settings = outcome.Settings;
        Assert.Equal((10, "st-gs", 0.1), (settings.MaxLength, $"{settings.Estimator}", settings.Temperature));
        Assert.Equal((3, 1), (outcome.Runs, outcome.Fell));
        Assert.Equal("66.0 ± 1.4", outcome.Accuracy);
        Assert.Equal(59.3, outcome.Paper);
        Assert.Equal([0.1, 0.2], outcome.LearningRates);
    }

    [Fact]
    public void AMeanOverAPartOfTheRunsSaysSo_AndStandsBesideNoFigureOfThePaper()
    {
        Run("a", 0, 0.68, 0.66, best: 0.67, last: 0.66);
        Run("b", 1, 0.66, 0.64, best: 0.65, last: null);
        Run("c", 2, 0.64, 0.62, best: null, last: null);
        // It has no last epoch, but had a best one.
        Run("d", 3, 0.60, null, best: null, last: null, RunStatus.Diverged);
        var row = Assert.Single(ListOpsTable.Make(folder.FullPath, onlyRun: true).Rows);
        Assert.Equal(["4", "66.0 ± 1.4 (2 of 4)", "66.0 (1 of 3)"], row.Skip(6).Take(3));
        Assert.Equal(["59.3", ""], row.Skip(12).Take(2));
        Assert.Contains("| 4 | 66.0 ± 1.4 (2 of 4) | 66.0 (1 of 3) | 1 | 1 | 0.40 |\n",
            ListOpsTable.Markdown(folder.FullPath, Wording.Dgrad), StringComparison.Ordinal);
        Assert.Contains(" it was 66.0 ± 1.4 % for ST-GS over 2 of 4 runs (paper: 59.3); ",
            ResultsDocument.Markdown(folder.FullPath, Wording.Dgrad), StringComparison.Ordinal);
    }

    /// <summary>The runs of a search whose data have moved name the old place or the new one.</summary>
    [Fact]
    public void RunsOnTheSameDataAreOneRow_WhereverTheseLay()
    {
        Run("a", 0, 0.68, 0.68, best: 0.67, last: 0.67, data: "/before", checksum: "01");
        Run("b", 1, 0.66, 0.66, best: 0.65, last: 0.65, data: "/now", checksum: "01");
        // Of a version that kept no checksum: on what the others found there, or on what nobody knows.
        Run("c", 2, 0.64, 0.64, best: 0.63, last: 0.63, data: "/before");
        Run("d", 0, 0.62, 0.62, best: 0.61, last: 0.61, data: "/unknown");
        Run("e", 1, 0.62, 0.62, best: 0.61, last: 0.61, data: "/unknown");
        Run("f", 0, 0.60, 0.60, best: 0.59, last: 0.59, data: "/other", checksum: "02");
        Assert.Equal([("3", "65.0 ± 2.0"), ("2", "61.0 ± 0.0"), ("1", "59.0")],
            ListOpsTable.Make(folder.FullPath, onlyRun: true).Rows.Select(row => (row[6], row[7])));
    }

    /// <summary>A run that diverged in its first epoch has no accuracy on validation, which speaks against its rate.</summary>
    [Fact]
    public void ARunWithoutAnEpochCountsAsWrongThroughout()
    {
        Run("a", 0, 0.60, 0.60, best: 0.61, last: 0.61);
        Run("b", 1, 0.60, 0.60, best: 0.61, last: 0.61);
        Run("c", 0, 0.90, 0.90, best: 0.91, last: 0.91, learningRate: 0.2);
        Run("d", 1, null, null, best: 0.10, last: 0.10, RunStatus.Diverged, learningRate: 0.2);
        var outcome = Assert.Single(ListOpsTable.Outcomes(folder.FullPath));
        Assert.Equal(("61.0 ± 0.0", 4, 1), (outcome.Accuracy, outcome.Runs, outcome.Fell));
    }

    [Fact]
    public void RowsStandByLength_ThenByEstimatorAndItsSamples_ThenByTemperature()
    {
        Run("late", 0, 0.5, 0.5, best: 0.5, last: 0.5);
        var expected = from length in (int[])[10, 25, 50]
                       from estimator in (string[])["st-gs", "gr-mc:10", "gr-mc:100", "gr-mc:1000"]
                       from temperature in (string[])["0.01", "0.1", "1"]
                       select $"{length} {estimator} {temperature}";
        Assert.Equal(expected, ListOpsTable.Make(folder.FullPath).Rows.Select(row => string.Join(' ', row.Take(3))));
    }

    [Fact]
    public void FindingsAreThoseOfTheFolder()
    {
        Run("a", 0, 0.68, 0.66, best: 0.67, last: 0.66);
        var without = ListOpsTable.Markdown(folder.FullPath, Wording.Dgrad);
        Assert.Contains($"A run, from its folder below `{folder.FullPath}/`: ", without, StringComparison.Ordinal);
        Assert.EndsWith(" Programs: 1.\n", without, StringComparison.Ordinal);
        folder.Write(ListOpsTable.FindingsName, "### What we see in it\n\nNothing `yet`.\n\n");
        Assert.Equal($"{without}\n### What we see in it\n\nNothing `yet`.\n", ListOpsTable.Markdown(folder.FullPath, Wording.Dgrad));
    }

    [Fact]
    public void WithoutRunsThereIsNoTable() => Assert.Equal("", ListOpsTable.Markdown(folder.FullPath, Wording.Dgrad));

    [Fact]
    public void ASearchOfWhichNoTrialHasBegunHasRunNoCell()
    {
        Assert.Empty(ListOpsTable.Make(folder.At("trials"), onlyRun: true).Rows);
        Assert.Equal(36, ListOpsTable.Make(folder.At("trials")).Rows.Count);
    }

    public void Dispose() => folder.Dispose();

    private void Run(string name, ulong seed, double? bestValid, double? lastValid, double? best, double? last,
        RunStatus status = RunStatus.Completed, double learningRate = 0.1, Masking masking = Masking.Right,
        Batching batching = Batching.Buckets, string data = ListOpsData.GeneratedName, string? checksum = null)
    {
        using var run = RunFolder.Open(folder.At(name));
        run.Claim(new ListOpsSettings
        {
            Data = data,
            DataChecksum = checksum,
            Estimator = EstimatorName.Parse("st-gs"),
            Seed = seed,
            LearningRate = learningRate,
            Masking = masking,
            Batching = batching,
        });
        RunFolder.WriteJson(run.Path, "result.json", new ListOpsTrainingResult
        {
            Status = status,
            Steps = 1,
            ValidationAccuracy = lastValid,
            BestAccuracy = bestValid,
            BestEpoch = 1,
            TrainingExpressions = 1,
            ValidationExpressions = 1,
            Data = "generated",
            Version = "1",
        });
        foreach (var (weights, tested) in new[] { (Weights.Best, best), (Weights.Last, last) })
        {
            if (tested is { } accuracy) ListOpsEvaluation.Make(weights, accuracy).Save(run.Path);
        }
    }
}
