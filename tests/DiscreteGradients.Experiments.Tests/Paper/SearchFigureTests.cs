using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>Figures 2c and 4 from records written by hand.</summary>
public sealed class SearchFigureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void IterationsToThresholdsAreMeansOverTheRunsThatReachThem()
    {
        var record = SearchRecord.Create(folder.At("search"), 4, ("estimator", ["st-gs", "gr-mc:10"]));
        record.End(record["estimator=st-gs", 0], 90, [120, 110, 100, 90]);
        record.End(record["estimator=st-gs", 1], 101, [130, 112, 108, 111]);
        record.End(record["estimator=st-gs", 2], null, [125], RunStatus.Diverged);
        record.End(record["estimator=st-gs", 3], null, [50], RunStatus.Failed);
        record.End(record["estimator=gr-mc-10", 0], 95, [109, 105, 100.5, 95]);
        Assert.Equal(
            [
                new(8, 20, EstimatorName.Parse("st-gs"), "", 110, new Estimate(22.5, 2.5), 2, 3),           // at 20 and, halfway from 112 to 108, at 25
                new(8, 20, EstimatorName.Parse("st-gs"), "", 100, new Estimate(30, double.NaN), 1, 3),
                new(8, 20, EstimatorName.Parse("st-gs"), "", 80, null, 0, 3),
                new(8, 20, EstimatorName.Parse("gr-mc:10"), "", 110, new Estimate(10, double.NaN), 1, 1),
                new(8, 20, EstimatorName.Parse("gr-mc:10"), "", 100, new Estimate(30 + 10 * 0.5 / 5.5, double.NaN), 1, 1),
                new(8, 20, EstimatorName.Parse("gr-mc:10"), "", 80, null, 0, 1),
            ], ConvergenceFigure.Make(record.Search, [100, 80, 110], folder.FullPath));
        Assert.Contains("8,20,st-gs,110,22.5,2.5,2,3\n8,20,st-gs,100,30,,1,3\n8,20,st-gs,80,,,0,3\n", File.ReadAllText(folder.At("figure-2c.csv")), StringComparison.Ordinal);
        // The caption is broken where the sheet of one column ends.
        AssertPicture("figure-2c", "8-ary, batch size 20", "ST-GS", "GR-MC10", "2/3", "1/1", "80", "100", "110", "over runs that reach the threshold.");
    }

    [Fact]
    public void ThresholdsAreChosenBetweenTheFirstTenthAndTheBest()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("arity", [2, 8]), ("temperature", [0.5, 1]));
        record.End(record["arity=8,temperature=0.5", 0], 97, [117.9, 110, 101, 98.4]);
        record.End(record["arity=8,temperature=1", 0], 97, [117.5, 109, 103, 98]);
        record.End(record["arity=2,temperature=1", 0], 100, [100.7, 100.6, 100.4, 100.5]);
        var rows = Convergence.Of(record.Search, []);
        Assert.Equal([116, 114, 112, 110, 108, 106, 104, 102, 100, 98], rows.Where(row => row.Curve == "st-gs, temperature 0.5" && row.Arity == 8).Select(row => row.Threshold));
        Assert.Equal([100.7, 100.6, 100.5, 100.4], rows.Where(row => row.Arity == 2).Select(row => row.Threshold));
    }

    [Fact]
    public void TheEasiestThresholdIsWhereTheMiddleRunIsAfterATenthOfTheSteps()
    {
        var record = SearchRecord.Create(folder.At("search"), 3, ("arity", [2]));
        foreach (var (index, early) in new[] { 130.0, 104.9, 118 }.Index()) record.End(record["arity=2", index], 100, [early, 100]);
        var levels = Convergence.Of(record.Search, []).Select(row => row.Threshold).ToList();
        Assert.Equal((100.0, 118.0), (levels.Min(), levels.Max()));
    }

    [Theory]
    [InlineData(104.6, 100.1, 0.5, 100.5, 104.5)]
    [InlineData(1601, 101, 200, 200, 1600)]
    [InlineData(9001, 101, 1000, 1000, 9000)]
    [InlineData(100.95, 100.03, 0.1, 100.1, 100.9)]
    [InlineData(100.05, 100.01, double.NaN, 101, 101)]
    public void ThresholdsAreMultiplesOfOneTwoOrFiveTimesAPowerOfTen(double early, double best, double spacing, double lowest, double highest)
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("arity", [2]));
        record.End(record["arity=2", 0], best, [early, best]);
        var levels = Convergence.Of(record.Search, []).Select(row => row.Threshold).Order().ToList();
        Assert.Equal((lowest, highest), (levels[0], levels[^1]));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.Equal(spacing, pair.Second - pair.First, 1e-9));
    }

    [Fact]
    public void ARunThatEndsBeforeATenthOfItsStepsCountsWithItsLastPoint()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("steps", [1000]));
        record.End(record["steps=1000", 0], null, [130, 124.5, 120.5, 121], RunStatus.Diverged);
        Assert.Equal([120.5, 120.6, 120.7, 120.8, 120.9, 121], Convergence.Of(record.Search, []).Select(row => row.Threshold).Order());
    }

    [Fact]
    public void TheTestBoundOfTheBestIsDrawnAgainstBatchSizeAndK()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, ("batch-size", [5, 20]), ("estimator", ["st-gs", "gr-mc:1", "gr-mc:1000"]));
        foreach (var trial in record.Search.Trials)
        {
            if (trial is { Index: 1, Cell.Name: "batch-size=5,estimator=gr-mc-1" }) continue;
            record.End(trial, 100 - trial.Index + int.Parse(trial.Cell["batch-size"]!, System.Globalization.CultureInfo.InvariantCulture));
            record.Report(trial, 99.5, 98.25);
        }
        BatchSizeFigure.Make([record.Search], folder.FullPath);
        Assert.Equal(
            """
            arity,batch-size,estimator,test,standard-error,samples,images,validation,paper-test,trials,best-trial
            8,5,st-gs,98.2500,0.2500,5000,10000,99.5000,106.4,2,1
            8,5,gr-mc:1,,,,,,,2,
            8,5,gr-mc:1000,98.2500,0.2500,5000,10000,99.5000,104.1,2,1
            8,20,st-gs,98.2500,0.2500,5000,10000,99.5000,98.0,2,1
            8,20,gr-mc:1,98.2500,0.2500,5000,10000,99.5000,,2,1
            8,20,gr-mc:1000,98.2500,0.2500,5000,10000,99.5000,96.5,2,1

            """, File.ReadAllText(folder.At("figure-4.csv")), ignoreLineEndingDifferences: true);
        AssertPicture("figure-4", "8-ary, best of 2 runs of 40 steps", "batch size", "ST-GS", "GR-MC1000", "GR-MCK", "8-ary, batch size 20");
    }

    /// <summary>The ticks below are the numbers of draws; ST-GS is in law GR-MC1.</summary>
    [Fact]
    public void AgainstKStandTheCellsOfThePapersBatchSizeAlone()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, 0,
        [
            new(StringComparer.Ordinal) { ["batch-size"] = [20], ["estimator"] = ["st-gs", "gr-mc:10", "gr-mc:300"] },
            new(StringComparer.Ordinal) { ["batch-size"] = [50], ["estimator"] = ["gr-mc:70"] },
        ]);
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 100);
            record.Report(trial, 100, 98);
        }
        BatchSizeFigure.Make([record.Search], folder.FullPath);
        AssertPicture("figure-4", "1", "10", "300", "GR-MC70", "8-ary, batch size 20");
        Assert.DoesNotMatch(@">\s*70\s*</text>", File.ReadAllText(folder.At("figure-4.svg")));
    }

    [Fact]
    public void WhatTheGridVariesBesidesHasCurvesOfItsOwn()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("batch-size", [20, 50]), ("estimator", ["st-gs", "gr-mc:10"]), ("temperature", [0.3, 0.5]));
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 100);
            record.Report(trial, 100, trial.Cell["temperature"] == "0.3" ? 99 : 98);
        }
        BatchSizeFigure.Make([record.Search], folder.FullPath);
        var lines = File.ReadAllLines(folder.At("figure-4.csv"));
        Assert.Equal(9, lines.Length);
        Assert.Equal(["arity,batch-size,estimator,grid,test", "8,20,st-gs,temperature 0.3,99.0000", "8,20,st-gs,temperature 0.5,98.0000"], lines.Take(3).Select(line => string.Join(',', line.Split(',').Take(5))));
        AssertPicture("figure-4", "ST-GS, temperature 0.3", "ST-GS, temperature 0.5", "GR-MC10, temperature 0.5", "GR-MCK, temperature 0.3");
    }

    [Fact]
    public void TheTitleHasTheStepsOfAllTrials()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("estimator", ["st-gs"]), ("steps", [2000, 40]));
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 100);
            record.Report(trial, 100, 99);
        }
        BatchSizeFigure.Make([record.Search], folder.FullPath);
        AssertPicture("figure-4", "8-ary, best of 1 runs of 40 or 2,000 steps");
    }

    [Fact]
    public void SearchesThatCompleteEachOtherMakeOneFigure()
    {
        var small = SearchRecord.Create(folder.At("small"), 1, ("batch-size", [5]), ("estimator", ["st-gs"]));
        var large = SearchRecord.Create(folder.At("large"), 3, ("batch-size", [20]), ("estimator", ["gr-mc:10", "st-gs"]));
        foreach (var (record, trial) in new[] { small, large }.SelectMany(record => record.Search.Trials.Select(trial => (record, trial))))
        {
            record.End(trial, 100);
            record.Report(trial, 99, 98);
        }
        BatchSizeFigure.Make([large.Search, small.Search], folder.FullPath);
        Assert.Equal(
            ["estimator,test,search", "st-gs,98.0000,small", "gr-mc:10,98.0000,large", "st-gs,98.0000,large"],
            File.ReadAllLines(folder.At("figure-4.csv")).Select(line => line.Split(',')).Select(cells => $"{cells[2]},{cells[3]},{cells[^1]}"));
        AssertPicture("figure-4", "8-ary, best of 1 or 3 runs of 40 steps", "ST-GS", "GR-MCK", "8-ary, batch size 20");
        var again = SearchRecord.Create(folder.At("again"), 1, ("batch-size", [5]), ("estimator", ["st-gs"]));
        var refusal = Assert.Throws<InputException>(() => BatchSizeFigure.Make([small.Search, again.Search], folder.FullPath)).Message;
        Assert.Equal(
            $"{small.Search.Path} and {again.Search.Path}: each has st-gs with 8 categories at batch size 5; expected it in one.", refusal);
    }

    [Fact]
    public void ARecordWithoutResultsIsRefused()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("estimator", ["st-gs"]));
        Assert.Contains("no trial yet", Assert.Throws<InputException>(() => ConvergenceFigure.Make(record.Search, [100], folder.FullPath)).Message, StringComparison.Ordinal);
        Assert.Contains("no cell yet", Assert.Throws<InputException>(() => BatchSizeFigure.Make([record.Search], folder.FullPath)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.FullPath));
    }

    public void Dispose() => folder.Dispose();

    private void AssertPicture(string name, params string[] texts)
    {
        var svg = File.ReadAllText(folder.At(name + ".svg"));
        Assert.All(texts, text => Assert.Matches($@">\s*{Regex.Escape(text)}\s*</text>", svg));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder.At(name + ".png"))[..4]);
    }
}
