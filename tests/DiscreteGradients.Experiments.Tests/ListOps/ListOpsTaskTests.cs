using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class ListOpsTaskTests : IDisposable
{
    private static readonly ListOpsSettings Settings = new() { Data = "small", MaxLength = 6, BatchSize = 19, Epochs = 2, Estimator = EstimatorName.Parse("st-gs"), Seed = 4 };
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("st-gs", nameof(Masking.Right), nameof(BaselineKind.RunningMean))]
    [InlineData("gr-mc:5", nameof(Masking.Right), nameof(BaselineKind.RunningMean))]
    [InlineData("reinforce", nameof(Masking.Right), nameof(BaselineKind.RunningMean))]
    [InlineData("reinforce", nameof(Masking.Right), nameof(BaselineKind.SelfCritical))]
    [InlineData("st-gs", nameof(Masking.Reference), nameof(BaselineKind.RunningMean))]
    public void AnInterruptedRunGivesTheBitsOfAWholeOne(string estimator, string maskingName, string baselineName)
    {
        var masking = Enum.Parse<Masking>(maskingName);
        var baseline = Enum.Parse<BaselineKind>(baselineName);
        var settings = Settings with { Estimator = EstimatorName.Parse(estimator), Masking = masking, Baseline = baseline, Batching = masking == Masking.Right ? Batching.Buckets : Batching.Shuffled };
        var whole = Train(settings, "whole");
        var random = new Random(estimator.Length);
        for (var step = random.Next(1, 12); step < whole.Steps; step += random.Next(1, 12)) Assert.Throws<OperationCanceledException>(() => Train(settings, "parts", step));
        Train(settings, "parts");
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "checkpoint/state.safetensors", "result.json" })
            Assert.True(File.ReadAllBytes(folder.At($"whole/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"parts/{name}"))), $"{name} differs");
        Assert.Equal(RunStatus.Completed, whole.Status);
        Assert.NotNull(whole.BestAccuracy);
    }

    [Fact]
    public void EachEpochIsValidated_AndTheBestIsKept()
    {
        var result = Train(Settings with { Epochs = 6, Estimator = EstimatorName.Parse("gr-mc:10") }, "run");
        var epochs = File.ReadLines(folder.At("run/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => line.ContainsKey("epoch")).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], epochs.Select(line => (int)line["epoch"]!));
        var accuracies = epochs.ConvertAll(line => (double)line["validation-accuracy"]!);
        Assert.Equal((accuracies.Max(), accuracies.IndexOf(accuracies.Max()) + 1, accuracies[^1]), (result.BestAccuracy, result.BestEpoch, result.ValidationAccuracy));
        Assert.Equal(result, JsonFile.Read<ListOpsTrainingResult>(Path.Combine(folder.At("run"), "result.json")));
        var valid = Expressions.Data.Split(6, ListOpsTask.SplitSeed(Settings.Seed)).Valid;
        foreach (var (weights, accuracy) in new[] { (Weights.Best, result.BestAccuracy), (Weights.Last, result.ValidationAccuracy) })
        {
            using var model = ListOpsRun.Model(folder.At("run"), weights);
            var evaluated = ListOpsAccuracy.Of(model, valid, 6, "valid", weights, null);
            Assert.Equal(accuracy, evaluated.Accuracy);
            var line = epochs[weights == Weights.Best ? result.BestEpoch!.Value - 1 : 5];
            Assert.Equal((double)line["validation-loss"]!, evaluated.Loss, 1e-9);
            Assert.Equal((double)line["bracket-f1"]!, evaluated.BracketF1, 1e-9);
        }
    }

    [Fact]
    public void AValidationSaysItsEpochAndWhatItFound()
    {
        using var task = new ListOpsTask(Settings.Validated(), Expressions.Data);
        var valid = Expressions.Data.Split(6, ListOpsTask.SplitSeed(Settings.Seed)).Valid;
        var found = ListOpsAccuracy.Of(task.Model, valid, 6, "valid", Weights.Last, null);
        var expected = FormattableString.Invariant($"epoch 1 of 2: validation accuracy {found.Accuracy:P1} ({valid.Count} ")
            + FormattableString.Invariant($"expressions), loss {found.Loss:F3}, bracket F1 {found.BracketF1:F3}");
        Assert.Equal(expected, task.Validate(task.ValidationInterval, TestContext.Current.CancellationToken)!.Note);
    }

    [Fact]
    public void OfEpochsThatAreEquallyGoodTheFirstIsTheBest()
    {
        // So small a step changes no weight.
        var result = Train(Settings with { Epochs = 3, LearningRate = 1e-30, WeightDecay = 0 }, "still");
        Assert.Equal((1, result.ValidationAccuracy), (result.BestEpoch, result.BestAccuracy));
    }

    [Fact]
    public void AResultTellsTheDataAndHowManyOfThemWereTrainedOn_AndWithoutAnEpochThereAreNoBestWeights()
    {
        Assert.Throws<OperationCanceledException>(() => Train(Settings with { Epochs = 1 }, "run", stopAt: 1));
        ListOpsRun.Model(folder.At("run"), Weights.Last).Dispose();
        var none = Assert.Throws<InputException>(() => ListOpsRun.Model(folder.At("run"), Weights.Best));
        Assert.Contains("has no best weights: no epoch is done", none.Message, StringComparison.Ordinal);
        var result = Train(Settings with { Epochs = 1 }, "run");
        ListOpsRun.Model(folder.At("run"), Weights.Best).Dispose();
        var (train, valid) = Expressions.Data.Split(6, ListOpsTask.SplitSeed(Settings.Seed));
        Assert.Equal((train.Count, valid.Count), (result.TrainingExpressions, result.ValidationExpressions));
        Assert.Equal(("ListOps generated, seed 2", (train.Count + 18) / 19), (result.Data, result.Steps));
    }

    /// <summary>The model learns: on expressions of four tokens ("[MAX a b ]") it is soon far above chance.</summary>
    [Fact]
    public void TheLossFalls()
    {
        var result = Train(Settings with { MaxLength = 5, BatchSize = 10, Epochs = 12, LearningRate = 0.5, Estimator = EstimatorName.Parse("gr-mc:10") }, "run");
        Assert.InRange(result.Loss!.Value, 0, 1.5);   // 2.3 at the start
    }

    /// <summary>Stopped after each epoch, a run still knows its best one, which is neither the last nor the one before the stop.</summary>
    [Fact]
    public void TheBestEpochOutlivesEveryStop()
    {
        var settings = Settings with { Epochs = 8, LearningRate = 1.5, Estimator = EstimatorName.Parse("gr-mc:5") };
        var whole = Train(settings, "whole");
        var accuracies = MetricsLine.Read(folder.At("whole")).Select(line => line.Number("validation-accuracy")).OfType<double>().ToList();
        Assert.Contains(Enumerable.Range(1, 6), i => accuracies[i] < accuracies[..i].Max() && accuracies[i + 1] > accuracies[i] && accuracies[i + 1] < accuracies[..i].Max());
        for (var epoch = 1; epoch < settings.Epochs; epoch++)
            Assert.Throws<OperationCanceledException>(() => Train(settings, "parts", 1 + (epoch * whole.Steps / settings.Epochs)));
        Assert.Equal(whole, Train(settings, "parts"));

        // A search scores it by the best epoch too.
        Directory.CreateDirectory(folder.At("data"));
        foreach (var (name, set) in new[] { ("train", Expressions.Data.Train), ("test", Expressions.Data.Test!) })
        {
            using var file = File.Create(folder.At($"data/{name}.tsv"));
            ListOpsFile.Write(file, set);
        }
        var trial = new ListOpsTrials().Read(new JsonObject { ["data"] = folder.At("data"), ["max-length"] = 6, ["seed"] = 4 });
        var score = trial.Evaluate(folder.At("parts"), Split.Valid, 0, 0, new TrialOptions(1, TimeSpan.MaxValue), CancellationToken.None);
        Assert.Equal(100 * whole.BestAccuracy!.Value, score.Value, 1e-9);
        Assert.NotEqual(100 * whole.ValidationAccuracy!.Value, score.Value, 1e-9);
        // In the same unit; of shares that are 0 or 1.
        var error = Math.Sqrt(score.Value * (100 - score.Value) / score.Examples);
        Assert.InRange(score.StandardError, 0.99 * error, 1.2 * error);
        var test = trial.Evaluate(folder.At("parts"), Split.Test, 0, 0, new TrialOptions(1, TimeSpan.MaxValue), CancellationToken.None);
        Assert.Equal(Expressions.Data.Test!.Count(expression => expression.Length <= 6), test.Examples);
    }

    [Fact]
    public void ReinforceTakesTheBaselineThatIsAskedFor_AndTheOthersTakeNone()
    {
        Assert.NotEqual(Metrics("reinforce", BaselineKind.RunningMean), Metrics("reinforce", BaselineKind.SelfCritical));
        Assert.Equal(Metrics("st-gs", BaselineKind.RunningMean), Metrics("st-gs", BaselineKind.SelfCritical));

        string Metrics(string estimator, BaselineKind baseline)
        {
            Train(Settings with { Estimator = EstimatorName.Parse(estimator), Baseline = baseline }, $"{estimator}-{baseline}");
            return File.ReadAllText(folder.At($"{estimator}-{baseline}/metrics.jsonl"));
        }
    }

    [Fact]
    public void ALossThatIsNoNumberStopsTheRun()
    {
        var result = Train(Settings with { LearningRate = 1e30 }, "run");
        Assert.True(result.HasDiverged);
        Assert.InRange(result.Steps, 1, 10);
    }

    [Theory]
    [InlineData("gs", "estimator 'gs' cannot be used for ListOps: a tree has no relaxed choices; expected reinforce, st, st-gs, gr-mc:K, gr, zgr, st2:λ or reinmax.")]
    public void RelaxingEstimatorsAreRefused(string estimator, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => (Settings with { Estimator = EstimatorName.Parse(estimator) }).Validated()).Message);

    [Fact]
    public void SettingsOutOfRangeAreRefused()
    {
        Refused(Settings with { MaxLength = 3 }, "max-length is 3; expected 4, the shortest expression with an operator, to 100000.");
        Refused(Settings with { MaxLength = int.MaxValue }, "max-length is 2147483647; expected 4, the shortest");
        Refused(Settings with { Temperature = 0 }, "temperature is 0; expected a finite number of at least 1e-36");
        Refused(Settings with { BatchSize = 0 }, "batch-size is 0; expected 1 to 100000.");
        Refused(Settings with { BatchSize = int.MaxValue }, "batch-size is 2147483647; expected 1 to 100000.");
        Refused(Settings with { Epochs = 0 }, "epochs is 0; expected 1 to 1000");
        Refused(Settings with { LearningRate = double.NaN }, "learning-rate is NaN; expected a finite number above 0");
        Refused(Settings with { WeightDecay = -1 }, "weight-decay is -1; expected a finite number of at least 0");
        Refused(Settings with { Masking = Masking.Reference, Estimator = EstimatorName.Parse("st") }, "masking is reference; expected right, or the estimator st-gs or gr-mc:K");
        Assert.Equal(10, new ListOpsSettings().Batch);
        Assert.Equal((25, 7), (new ListOpsSettings { MaxLength = 25 }.Batch, new ListOpsSettings { MaxLength = 25, BatchSize = 7 }.Batch));
        static void Refused(ListOpsSettings settings, string message) => Assert.StartsWith(message, Assert.Throws<InputException>(settings.Validated).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private ListOpsTrainingResult Train(ListOpsSettings settings, string name, int stopAt = -1)
    {
        using var run = RunFolder.Open(folder.At(name));
        using var task = new ListOpsTask(settings.Validated(), Expressions.Data);
        using var trainer = new Trainer<ListOpsTrainingResult>(task, run);
        using var stop = new CancellationTokenSource();
        return trainer.Run(null, step =>
        {
            if (step == stopAt) stop.Cancel();
            return null;
        }, cancellation: stop.Token)!;
    }
}
