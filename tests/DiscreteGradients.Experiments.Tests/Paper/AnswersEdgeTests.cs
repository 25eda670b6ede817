using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>What the sentences at the head of docs/results.md leave out, and how they count.</summary>
public sealed class AnswersEdgeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AntitheticDrawsAreNoNumberOfDrawsOfTheirOwn()
    {
        var tests = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["st-gs"] = 102,
            ["gr"] = 99.5,
            ["gr-mc:10"] = 101,
            ["gr-mc:10:antithetic"] = 90,
        };
        var record = SearchRecord.Create(folder.At("search"), 12, ("arity", [2]), ("estimator", ["st-gs", "gr", "gr-mc:10", "gr-mc:10:antithetic"]));
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 90 + trial.Index);
            if (trial.Index == 0) record.Report(trial, 90, tests[trial.Cell["estimator"]!]);
        }
        var text = Text();
        Assert.Contains("2-ary, batch size 20: 102.00 nats with ST-GS, 101.00 nats with GR-MC10, 99.50 nats with GR. GR-MCK is ahead of ST-GS in 1 of these 1 cells, by 1.00 nats on average.",
            text, StringComparison.Ordinal);
        Assert.DoesNotContain("90.00", text, StringComparison.Ordinal);
    }

    /// <summary>Two bounds of one cell are one batch size.</summary>
    [Fact]
    public void AnAritySearchedWithTwoMHasNoTwoBatchSizes()
    {
        SearchRecord.Tested(folder.At("a"), 12, 0, [("st-gs", 4, 20, 99), ("gr", 4, 20, 98)]);
        SearchRecord.Tested(folder.At("b"), 12, 0,
            [("st-gs", 4, 20, 99.5), ("gr", 4, 20, 99), ("st-gs", 8, 5, 104), ("gr", 8, 5, 102)], samples: 1000);
        var text = Text();
        Assert.Contains("in 3 of the 3 cells", text, StringComparison.Ordinal);
        Assert.DoesNotContain("small batches", text, StringComparison.Ordinal);
        // It is not left out either, and its bounds of the larger M count.
        SearchRecord.Tested(folder.At("c"), 12, 0, [("st-gs", 4, 5, 105), ("gr", 4, 5, 102)], samples: 1000);
        Assert.Contains("**Does it help more with small batches?** The gain of GR over ST-GS, with 4 categories, is "
            + "+3.00 nats at batch size 5 (M = 1000), +1.00 nats at batch size 20 (M = 5000).\n\n", Text(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps", "3000")]
    [InlineData("data", "\"mnist\"")]
    [InlineData("architecture", "\"linear\"")]
    [InlineData("log-ratio", "\"sampled\"")]
    public void SearchesThatFixOtherSettingsAreNotCompared(string setting, string value)
    {
        var other = new JsonObject { ["data"] = "binarized-mnist", [setting] = JsonNode.Parse(value) };
        SearchRecord.Tested(folder.At("a"), 12, 0, [("st-gs", 8, 20, 99)], settings: other);
        SearchRecord.Tested(folder.At("b"), 12, 1, [("gr", 8, 20, 98)]);
        Assert.Equal("", Text());
        // Where each has both, they are told apart.
        SearchRecord.Tested(folder.At("c"), 12, 0, [("gr", 8, 20, 96)], settings: (JsonObject)other.DeepClone());
        SearchRecord.Tested(folder.At("d"), 12, 1, [("st-gs", 8, 20, 99)]);
        var apart = setting == "data" ? "" : $", data binarized-mnist, {setting} {value.Trim('"')}";
        Assert.Contains($"searched: +3.00 nats (8-ary, batch size 20{apart}), "
            + "+1.00 nats (8-ary, batch size 20, data binarized-mnist). ", Text(), StringComparison.Ordinal);
    }

    /// <summary>A default that is said is the default, and what the grid decides is not fixed.</summary>
    [Fact]
    public void SearchesThatFixTheSameInOtherWordsAreCompared()
    {
        SearchRecord.Tested(folder.At("a"), 12, 0, [("st-gs", 8, 20, 99)], settings: []);
        SearchRecord.Tested(folder.At("b"), 12, 0, [("gr", 8, 20, 98)],
            settings: new() { ["data"] = "mnist", ["steps"] = 50_000, ["batch-size"] = 50, ["estimator"] = "st" });
        var text = Text();
        Assert.Contains("in 1 of the 1 cells in which both were searched: +1.00 nats (8-ary, batch size 20). ", text,
            StringComparison.Ordinal);
        // Which is not that of the paper.
        Assert.DoesNotContain("Less the paper's figures", text, StringComparison.Ordinal);
    }

    /// <summary>An error over two seeds is to be judged as one of two, whatever the others have.</summary>
    [Fact]
    public void OfTrainingsOfDifferentNumbersTheLeastIsSaid()
    {
        var record = SearchRecord.Create(folder.At("search"), 3, 0, [new(StringComparer.Ordinal) { ["estimator"] = ["st-gs", "gr"] }], finalSamples: 1);
        for (var i = 0; i < 3; i++) record.End(record["estimator=st-gs", i], 90, [120, 110, 100, 90]);
        for (var i = 0; i < 2; i++) record.End(record["estimator=gr", i], 85, [110, 100, 90, 85]);
        Assert.Contains("falls to 90 nats, the lowest level that every run reaches, after 40 ± 0 iterations with ST-GS, 30 ± 0 iterations with GR (± one standard error over 2 seeds).",
            Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNoRunOfListOpsFellAllAreCounted()
    {
        foreach (var (name, estimator, seed) in new[] { ("a", "st-gs", 0UL), ("b", "st-gs", 1UL), ("c", "gr-mc:10", 0UL) }) Run(name, estimator, seed, last: 0.67);
        const string Where = "**Is it more robust?** On ListOps up to length 10 at τ = 0.1, learning rate 0.1, accuracy fell during training in";
        Assert.Equal($"{Where} none of 3 runs.\n\n", Text());
        Run("d", "gr-mc:10", 1, last: 0.2);
        Assert.Equal($"{Where} 0 of 2 runs of ST-GS, 1 of 2 runs of GR-MC10.\n\n", Text());
    }

    [Fact]
    public void RunsOfListOpsThatDifferInMoreThanRateAndSeedAreToldApart()
    {
        Run("a", "st-gs", 0, last: 0.67);
        Run("b", "st-gs", 0, last: 0.2, epochs: 3);
        const string Where = "On ListOps up to length 10 at τ = 0.1,";
        const string Rate = "learning rate 0.1, accuracy fell during training in";
        Assert.Equal($"**Is it more robust?** {Where} 10 epochs on generated, batch size 10, {Rate} none of 1 runs. "
            + $"{Where} 3 epochs on generated, batch size 10, {Rate} 1 of 1 runs of ST-GS.\n\n", Text());
    }

    [Fact]
    public void StudiesOfDifferentModelsAfterAsManyStepsAreToldApart()
    {
        foreach (var (name, arity) in new[] { ("one", "8"), ("other", "2") })
        {
            WorkingTree.Copy("results/gradients/vae-15000", folder.At(name));
            var run = folder.At($"{name}/run/settings.json");
            var settings = File.ReadAllText(run);
            File.WriteAllText(run, settings.Replace("\"arity\": 8", $"\"arity\": {arity}", StringComparison.Ordinal));
        }
        var text = Text();
        const string Ratios = "GR's gradient has 0.140 ± 0.004 (τ = 0.1), 0.368 ± 0.008 (τ = 0.3), ";
        foreach (var model in new[] { "an 8-ary VAE", "a 2-ary VAE" })
            Assert.Contains($"On {model} after 15,000 steps, {Ratios}", text, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Text() => Answers.Markdown(folder.FullPath, SearchFolder.Below(folder.FullPath, SearchTasks.All));

    /// <summary>A run of ListOps whose accuracy on validation was 0.68 at its best.</summary>
    private void Run(string name, string estimator, ulong seed, double last, int epochs = 10)
    {
        using var run = RunFolder.Open(folder.At(name));
        run.Claim(new ListOpsSettings { Estimator = EstimatorName.Parse(estimator), Seed = seed, Epochs = epochs });
        RunFolder.WriteJson(run.Path, "result.json", new ListOpsTrainingResult
        {
            Status = RunStatus.Completed,
            Steps = 1,
            ValidationAccuracy = last,
            BestAccuracy = 0.68,
            BestEpoch = 1,
            TrainingExpressions = 1,
            ValidationExpressions = 1,
            Data = "generated",
            Version = "1",
        });
    }
}
