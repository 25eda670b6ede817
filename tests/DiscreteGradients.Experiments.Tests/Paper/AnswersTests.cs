using System.Text.Json.Nodes;
using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>The sentences at the head of docs/results.md, from records written by hand.</summary>
public sealed class AnswersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void GainsAndLossesAreSaidWithTheirSigns()
    {
        Record(12, ("st-gs", 8, 98.5), ("gr", 8, 96.25), ("st-gs", 2, 100), ("gr", 2, 100.75));
        var text = Text();
        Assert.StartsWith("**Does it help?** GR is ahead of ST-GS in 1 of the 2 cells in which both were searched: −0.75 nats (2-ary, batch size 20), +2.25 nats (8-ary, batch size 20). ", text, StringComparison.Ordinal);
        Assert.Contains("at most 0.35 nats", text, StringComparison.Ordinal);       // 0.25 each
        // The paper's ST-GS: 100.7 and 98.0; its GR-MC1000: 100.5 and 96.5.
        Assert.Contains("ST-GS is at −0.70, +0.50, and GR at +0.25, −0.25 nats", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchOfFewTrialsAnswersNothing()
    {
        Record(6, ("st-gs", 8, 98.5), ("gr", 8, 96.25));
        Assert.Equal("", Text());
    }

    [Fact]
    public void ACellThatWasSearchedAgainCountsOnceAndIsSaid()
    {
        Record(new("again", 12, 1), ("st-gs", 2, 20, 101.25));
        Record(new("first", 12, 0), ("st-gs", 2, 20, 102.5), ("gr", 2, 20, 100));
        var text = Text();
        Assert.Contains("in 1 of the 1 cells in which both were searched: +2.50 nats (2-ary, batch size 20). ", text, StringComparison.Ordinal);
        Assert.Contains("Searched again with other trials, ST-GS (2-ary, batch size 20) comes to 101.25 nats in the place of 102.50. ", text, StringComparison.Ordinal);
        // The best of ST-GS counts where it is compared in a number.
        Assert.Equal([1.25], new BoundAnswers(Searches()).GainsAt(20));
        Assert.Empty(new BoundAnswers(Searches()).GainsAt(200));
        Assert.DoesNotContain("larger K", text, StringComparison.Ordinal);
        Assert.DoesNotContain("small batches", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ACellOfTheSameTrialsTellsHowManyWerePruned()
    {
        // A folder comes before those whose names begin with its own.
        Record(new("some-whole", 12, 0), ("st-gs", 2, 20, 101.25));
        Record(new("some", 12, 0), ("st-gs", 2, 20, 102.5), ("gr", 2, 20, 100));
        var halved = Searches()[0];
        foreach (var trial in halved.Trials.Where(trial => trial.Cell["estimator"] == "st-gs" && trial.Index >= 9))
            new SearchRecord(halved).End(trial, null, status: RunStatus.Pruned);
        Assert.Contains("With the same trials, 0 of them pruned in the place of 3, ST-GS (2-ary, batch size 20) comes to 101.25 nats in the place of 102.50. ", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABestTrialThatWasEvaluatedWithMoreSamplesSaysWhatTheyGive()
    {
        Record(12, ("st-gs", 2, 102.5), ("gr", 2, 100));
        var search = Searches()[0];
        foreach (var (estimator, index, samples) in new[] { ("st-gs", 0, 50_000), ("st-gs", 1, 50_000), ("gr", 0, 5000) })
        {
            var trial = search.Trials.Single(trial => trial.Cell["estimator"] == estimator && trial.Index == index);
            new BoundRecord(Split.Test, new(101.75, 0.25, 7, samples, 10_000), 0, "binarized MNIST", "", "").Save(search.PathOf(trial));
        }
        var text = Text();
        Assert.Contains("With M = 50000 in the place of 5000, the best trial of ST-GS (2-ary, batch size 20) comes to 101.75 nats in the place of 102.50. ", text, StringComparison.Ordinal);
        // Another trial than the best says nothing, nor does the same M.
        Assert.Equal(2, text.Split("With M = ").Length);
        Assert.Contains("+2.50 nats (2-ary", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheOtherEstimatorsStandBesideThePaper()
    {
        Record(12, ("st", 8, 107.5), ("reinforce", 8, 204.25), ("st", 2, 105), ("st-gs", 2, 100), ("gr-mc:10", 2, 99));
        // The paper's: REINFORCE 203.9, ST 105.5 and 107.2; none of ST with 32 categories.
        Assert.Equal("**How do the others do?** REINFORCE comes to 204.25 nats (8-ary, batch size 20, M = 5000; paper: 203.9). "
            + "ST comes to 105.00 nats (2-ary, batch size 20, M = 5000; paper: 105.5), 107.50 nats (8-ary, batch size 20, M = 5000; paper: 107.2).\n\n", Text());
    }

    [Fact]
    public void BoundsAreComparedAlongK()
    {
        Record(new("a", 12, 0), ("st-gs", 2, 20, 102), ("gr", 2, 20, 99.5), ("gr", 4, 20, 98), ("st-gs", 4, 20, 99));
        Record(new("b", 12, 0), ("gr-mc:100", 2, 20, 99.25), ("gr-mc:10", 2, 20, 101), ("gr-mc:10", 4, 50, 90), ("st", 2, 20, 110));
        Assert.Contains(
            "**Does a larger K help?** 2-ary, batch size 20: 102.00 nats with ST-GS, 101.00 nats with GR-MC10, 99.25 nats with GR-MC100, 99.50 nats with GR. "
            + "GR-MCK is ahead of ST-GS in 2 of these 2 cells, by 1.88 nats on average. "
            + "From one K to the next larger one, the bound is better in 2 of 3 cases; one standard error of such a step is at most 0.35 nats.\n\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void GainsByBatchSizeAreOverTheAritiesThatAllHave()
    {
        Record(new("a", 12, 0), ("st-gs", 2, 5, 104), ("gr", 2, 5, 100), ("st-gs", 4, 5, 102), ("gr", 4, 5, 101),
            ("st-gs", 2, 20, 99), ("gr", 2, 20, 98), ("st-gs", 4, 20, 98), ("gr", 4, 20, 98.5), ("st-gs", 8, 20, 98), ("gr", 8, 20, 68));
        Assert.Contains(
            "**Does it help more with small batches?** The gain of GR over ST-GS, on average over models with 2, 4 categories, is "
            + "+2.50 nats at batch size 5, +0.25 nats at batch size 20.\n\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABatchSizeOfOneModelLeavesTheOthersTheirAverages()
    {
        Record(new("a", 12, 0), ("st-gs", 2, 5, 104), ("gr", 2, 5, 100), ("st-gs", 8, 5, 102), ("gr", 8, 5, 101),
            ("st-gs", 2, 20, 99), ("gr", 2, 20, 98), ("st-gs", 8, 20, 98), ("gr", 8, 20, 98.5), ("st-gs", 8, 50, 96), ("gr", 8, 50, 95.75));
        Assert.Contains(
            "**Does it help more with small batches?** The gain of GR over ST-GS, on average over models with 2, 8 categories, is "
            + "+2.50 nats at batch size 5, +0.25 nats at batch size 20. The gain of GR over ST-GS, with 8 categories, is "
            + "+1.00 nats at batch size 5, −0.50 nats at batch size 20, +0.25 nats at batch size 50.\n\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingsAreComparedAtTheLowestLevelThatEveryRunReaches()
    {
        var record = Convergence(finalSamples: 1);
        record.End(record["estimator=st-gs", 0], 90, [120, 110, 100, 90]);
        record.End(record["estimator=st-gs", 1], 96, [130, 120, 110, 100]);
        record.End(record["estimator=gr", 0], 90, [110, 100, 95, 90]);
        record.End(record["estimator=gr", 1], 90, [111, 101, 95, 90]);
        Assert.Equal(
            "**Does training take fewer steps?** At equal settings (8-ary, batch size 20), the validation objective falls to 100 nats, "
            + "the lowest level that every run reaches, after 35 ± 5 iterations with ST-GS, 21 ± 1 iterations with GR (± one standard error over 2 seeds). "
            + "GR and ST-GS are not distinguishable: the ratio of their iterations is 0.60 ± 0.09.\n\n", Text());
    }

    [Fact]
    public void TrainingsOfOtherLengthsAreToldApart()
    {
        var record = Convergence(finalSamples: 1);
        record.End(record["estimator=st-gs", 0], 90, [120, 110, 100, 90]);
        record.End(record["estimator=st-gs", 1], 90, [121, 110, 100.2, 90]);
        record.End(record["estimator=gr", 0], 80, [100, 90, 85, 80]);
        record.End(record["estimator=gr", 1], 80, [101, 90, 85, 80]);
        var text = Text();
        Assert.Matches(@"falls to 90 nats, .* after 40 ± 0 iterations with ST-GS, 20 ± 0 iterations with GR \(± one standard error over 2 seeds\)\. GR needs 0\.5 times the iterations of ST-GS\.", text);
    }

    // One run says nothing of chance, so that nothing is told apart.
    [Fact]
    public void OfOneTrainingEachTheIterationsAreSaidWithoutAnError()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, 0,
            [new(StringComparer.Ordinal) { ["estimator"] = ["st-gs", "gr"] }], finalSamples: 1);
        record.End(record["estimator=st-gs", 0], 90, [120, 110, 100, 90]);
        record.End(record["estimator=gr", 0], 85, [110, 100, 90, 85]);
        Assert.Equal(
            "**Does training take fewer steps?** At equal settings (8-ary, batch size 20), the validation objective falls to 90 "
            + "nats, the lowest level that every run reaches, after 40 iterations with ST-GS, 30 iterations with GR.\n\n",
            Text());
    }

    [Fact]
    public void OnlyWhatIsEqualButForTheEstimatorIsCompared()
    {
        var record = SearchRecord.Create(folder.At("search"), 2, 0,
            [new(StringComparer.Ordinal) { ["temperature"] = [0.3, 0.5], ["estimator"] = ["st-gs", "gr"] }], finalSamples: 1);
        foreach (var trial in record.Search.Trials) record.End(trial, 90, trial.Cell["temperature"] == "0.3" ? [120, 110, 100, 90] : [110, 90, 85, 80]);
        var text = Text();
        Assert.Contains("(8-ary, batch size 20, temperature 0.3), the validation objective falls to 90 nats", text, StringComparison.Ordinal);
        Assert.Contains("(8-ary, batch size 20, temperature 0.5), the validation objective falls to 80 nats", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("GR and ST-GS are not distinguishable").Length - 1);
        // The document says where they are from, without a table of bounds.
        var document = ResultsDocument.Markdown(folder.FullPath, Wording.Dgrad);
        Assert.Contains("## Runs at equal settings, the search search\n", document, StringComparison.Ordinal);
        Assert.Contains("made 8 of the runs. Seed of the search: 0.\n", document, StringComparison.Ordinal);
        Assert.DoesNotContain("## Table", document, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchThatReportsBoundsSaysNothingOfTheSpeedOfTraining()
    {
        var record = Convergence(finalSamples: 5000);
        foreach (var trial in record.Search.Trials) record.End(trial, 90, [120, 110, 100, 90]);
        Assert.Equal("", Text());
    }

    [Fact]
    public void WhatTheTemperatureDoesToTheVarianceIsSaidOnlyWhereItDoes()
    {
        WorkingTree.Copy("results/gradients/vae-15000/gradients/step-15000", folder.At("step-15000"));
        var (settings, work) = (folder.At("step-15000/settings.json"), folder.At("step-15000/work.jsonl"));
        Assert.EndsWith("(τ = 1) times the variance of ST-GS's, with the same mean: the lower the temperature, the more it saves.\n\n", Text(), StringComparison.Ordinal);
        // What ST-GS has at the lowest temperature and at the highest, in each other's place.
        const string Low = "\"st-gs 0.1", High = "\"st-gs 1", Other = "\"other";
        var measured = File.ReadAllText(work);
        File.WriteAllText(work, measured.Replace(Low, Other, StringComparison.Ordinal).Replace(High, Low, StringComparison.Ordinal).Replace(Other, High, StringComparison.Ordinal));
        Assert.EndsWith("(τ = 1) times the variance of ST-GS's, with the same mean.\n\n", Text(), StringComparison.Ordinal);
        File.WriteAllText(work, measured);
        var head = JsonNode.Parse(File.ReadAllText(settings))!;
        head["settings"]!["temperatures"] = JsonNode.Parse("[0.1]");
        File.WriteAllText(settings, head.ToJsonString());
        Assert.EndsWith("gradient has 0.140 ± 0.004 (τ = 0.1) times the variance of ST-GS's, with the same mean.\n\n", Text(), StringComparison.Ordinal);
        // Another estimator comes first: the two are as if they were independent.
        head["settings"]!["estimators"] = JsonNode.Parse("""["zgr", "st-gs", "gr"]""");
        File.WriteAllText(settings, head.ToJsonString());
        Assert.EndsWith("gradient has 0.140 ± 0.005 (τ = 0.1) times the variance of ST-GS's, with the same mean.\n\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void TimesAreOfTheBenchmarks()
    {
        Directory.CreateDirectory(folder.At("bench"));
        Write("vae-1", """{"rows":[{"arity":2,"estimator":"st-gs","milliseconds":{"median":7}},{"arity":8,"estimator":"st-gs","milliseconds":{"median":2}},{"arity":8,"estimator":"gr","milliseconds":{"median":3}}]}""");
        Write("kernel-2", """{"rows":[{"workload":{"batch":20,"variables":80,"categories":8},"samples":10,"fused":{"median":9},"exact":{"median":9}},{"workload":{"batch":20,"variables":80,"categories":8},"samples":100,"fused":{"median":0.5},"exact":{"median":0.25}}]}""");
        Write("peer-gst-2", """{"rows":[{"case":"[20, 80, 8], K = 100","milliseconds":{"median":50}}]}""");
        Assert.Equal(
            "**What does it cost?** A training step of the 8-ary VAE takes 1.50 times as long as with ST-GS (3.00 and 2.00 ms on one thread). "
            + "For the gradient alone, GR-MC100 is 100 times and GR 200 times faster than the published implementation of GR-MC100 in PyTorch.\n\n", Text());
    }

    /// <summary>The ratio is that of the rounds, where the record has it: to its first estimator.</summary>
    [Theory]
    [InlineData("st-gs", "gr", "1.25")]
    [InlineData("gr", "st-gs", "1.50")]
    public void TheRatioOfTwoTimesIsThatOfTheRounds(string first, string second, string ratio)
    {
        Directory.CreateDirectory(folder.At("bench"));
        Write("vae-1", $$"""{"rows":[{{Row(first)}},{{Row(second)}}]}""");
        Assert.Equal($"**What does it cost?** A training step of the 8-ary VAE takes {ratio} times as long as with ST-GS "
            + "(3.00 and 2.00 ms on one thread).\n\n", Text());

        static string Row(string estimator)
        {
            var ms = estimator == "gr" ? 3 : 2;
            return $$$"""{"arity":8,"estimator":"{{{estimator}}}","milliseconds":{"median":{{{ms}}}},"ratio":{"median":1.25}}""";
        }
    }

    public void Dispose() => folder.Dispose();

    private IReadOnlyList<SearchFolder> Searches() => SearchFolder.Below(folder.FullPath, SearchTasks.All);

    private string Text() => Answers.Markdown(folder.FullPath, Searches());

    private SearchRecord Convergence(int finalSamples) => SearchRecord.Create(folder.At("search"), 2, 0,
        [new(StringComparer.Ordinal) { ["estimator"] = ["st-gs", "gr"] }], finalSamples);

    private void Write(string name, string json) => File.WriteAllText(folder.At($"bench/{name}.json"), json);

    private void Record(int trials, params (string Estimator, int Arity, double Test)[] cells) =>
        Record(new("search", trials, 0), [.. cells.Select(cell => (cell.Estimator, cell.Arity, 20, cell.Test))]);

    private void Record((string Name, int Trials, ulong Seed) one,
        params (string Estimator, int Arity, int BatchSize, double Test)[] cells) =>
        SearchRecord.Tested(folder.At(one.Name), one.Trials, one.Seed, cells);
}
