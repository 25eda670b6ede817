using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeTrainingTests : IDisposable
{
    private static readonly MnistData Data = TestData.Mnist();
    private static readonly VaeSettings Settings = new()
    {
        Data = "random",
        Arity = 4,
        Architecture = VaeArchitecture.Linear,
        BatchSize = 4,
        Steps = 60,
        ValidationInterval = 25,
        ValidationSamples = 3,
        WeightDecay = 1e-3,
        Seed = 9,
    };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void OnlyAScoreHasABaseline()
    {
        foreach (var name in EstimatorName.ParseList("reinforce,st,gs,gr,zgr"))
        {
            using var task = new VaeTask((Settings with { Estimator = name }).Validated(), Data, 1);
            task.Run(0);
            Assert.Equal(name.UsesScore, task.Numbers["baseline"] is not null);
        }
    }

    [Theory]
    [InlineData("st-gs")]
    [InlineData("gr-mc:5")]
    [InlineData("gs")]
    [InlineData("st")]
    [InlineData("reinforce")]
    public void AnInterruptedRunGivesTheBitsOfAWholeOne(string estimator)
    {
        var settings = Settings with { Estimator = EstimatorName.Parse(estimator) };
        var whole = Train(settings, "whole");
        Train(settings, "again", threads: 2);
        AssertSame("whole", "again");
        Interrupted(settings, "parts", new Random(estimator.Length));
        AssertSame("whole", "parts");
        Assert.Equal((RunStatus.Completed, 60), (whole.Status, whole.Steps));
        Assert.Equal(File.ReadAllText(folder.At("whole/result.json")), File.ReadAllText(folder.At("parts/result.json")));
    }

    [Fact]
    public void TheMetricsHoldTheLossAndTheBounds()
    {
        var seen = new List<TrainingProgress>();
        var result = Train(Settings with { Steps = 250, ValidationInterval = 100 }, "run", progress: seen.Add);
        var lines = File.ReadLines(folder.At("run/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal([100, 200, 250], Steps("loss"));
        Assert.Equal([100, 200, 250], Steps("validation-bound"));
        var losses = lines.Where(line => line.ContainsKey("loss")).Select(line => (double)line["loss"]!).ToList();
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.Equal(losses[^1], result.Loss);
        Assert.Equal((double)lines[^1]["validation-bound"]!, result.ValidationBound);
        Assert.Equal([100, 200], seen.Where(progress => progress.Note is null).Select(progress => progress.Step));
        Assert.Equal(3, seen.Count(progress => progress.Note is not null));
        IEnumerable<int> Steps(string key) => lines.Where(line => line.ContainsKey(key)).Select(line => (int)line["step"]!);
    }

    [Fact]
    public void ACrashAfterACheckpointLosesNothing()
    {
        Train(Settings, "whole");
        // Lines that were written after the checkpoint, and a run whose result was lost.
        Assert.Throws<OperationCanceledException>(() => Train(Settings, "crashed", stopAt: 30));
        File.AppendAllText(folder.At("crashed/metrics.jsonl"), "{\"step\":31,\"loss\":1}\n{\"ste");
        Train(Settings, "crashed");
        AssertSame("whole", "crashed");
        var result = File.ReadAllText(folder.At("crashed/result.json"));
        File.Delete(folder.At("crashed/result.json"));
        Train(Settings, "crashed");
        AssertSame("whole", "crashed");
        Assert.Equal(result, File.ReadAllText(folder.At("crashed/result.json")));
    }

    [Fact]
    public void AValidationIsOfTheValidationImagesThatAreAskedFor()
    {
        var settings = Settings with { Steps = 3, ValidationImages = 4 };
        var result = Train(settings, "run");
        using var model = VaeModel.OfRun(folder.At("run"), settings, Data);
        using var bound = new ImportanceBound(model);
        var expected = bound.Evaluate(Data.Valid, 4, 3, Seeds.For(settings.Seed, SeedPurpose.Validation), threads: 1);
        Assert.Equal(expected.Bound, result.ValidationBound);
        var line = MetricsLine.Read(folder.At("run"))[^1];
        Assert.Equal((3, expected.Bound, expected.StandardError), (line.Step, line.Number("validation-bound"), line.Number("standard-error")));
        Assert.Equal((3.0, 4.0), (line.Number("samples"), line.Number("images")));
    }

    /// <summary>A run that diverges after it was taken up still says the last bound that it had.</summary>
    [Fact]
    public void TheLastBoundOutlivesAStop()
    {
        Assert.Throws<OperationCanceledException>(() => Train(Settings, "run", stopAt: 30));
        var bounds = MetricsLine.Read(folder.At("run")).Select(line => line.Number("validation-bound")).OfType<double>();
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings, Data, threads: 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        Assert.Equal(30, trainer.Step);
        Assert.Equal(Assert.Single(bounds), task.ValidationBound);
    }

    [Fact]
    public void OtherSeedsGiveOtherRuns()
    {
        Train(Settings, "a");
        Train(Settings with { Seed = 10 }, "b");
        Assert.NotEqual(File.ReadAllText(folder.At("a/metrics.jsonl")), File.ReadAllText(folder.At("b/metrics.jsonl")));
    }

    [Theory]
    [InlineData("st-gs")]
    [InlineData("gr-mc:5")]
    [InlineData("gs")]
    [InlineData("reinforce")]
    public void ALossThatIsNoNumberStopsTheRun(string estimator)
    {
        var settings = Settings with { Estimator = EstimatorName.Parse(estimator), LearningRate = 1e30 };
        var first = Train(settings, "run");
        Assert.True(first.HasDiverged);
        Assert.InRange(first.Steps, 1, 10);
        var written = JsonFile.Read<VaeTrainingResult>(Path.Combine(folder.At("run"), "result.json"))!;
        Assert.Equal(first, written);
        Assert.Equal((RunStatus.Diverged, null), (written.Status, written.Loss));
        // The step is right: a run of so many steps has only finite losses.
        var before = Losses(settings with { Steps = first.Steps }, estimator);
        Assert.Equal(first.Steps, before.Count);
        Assert.Equal(first, Train(settings, "run"));   // again from the start, to the same end
    }

    [Fact]
    public void WeightsThatAreNoNumbersAtAValidationStopTheRunToo()
    {
        var result = Train(Settings with { LearningRate = 1e38, Steps = 1 }, "run");
        Assert.Equal((RunStatus.Diverged, 1), (result.Status, result.Steps));
        Assert.Null(result.ValidationBound);
    }

    [Fact]
    public void OtherSettingsOrDataThanTheCheckpointsAreRefused()
    {
        Assert.Throws<OperationCanceledException>(() => Train(Settings, "run", stopAt: 5));
        Assert.StartsWith($"{folder.At("run")} holds a run of other settings", Refused(Settings with { Seed = 1 }, Data), StringComparison.Ordinal);
        Assert.Contains(" holds other data than those of the run: SHA-256 ", Refused(Settings, TestData.Mnist(31)), StringComparison.Ordinal);
        File.WriteAllText(folder.At("run/metrics.jsonl"), "");
        Train(Settings, "run");   // nothing was logged by step 5
    }

    [Fact]
    public void ACheckpointThatLacksAPartIsRefused()
    {
        Assert.Throws<OperationCanceledException>(() => Train(Settings, "run", stopAt: 5));
        var path = folder.At("run/checkpoint/state.safetensors");
        var (tensors, metadata) = SafeTensors.Read(path);
        var whole = tensors.Select(pair => (pair.Key, pair.Value)).ToList();
        foreach (var part in new[] { "prior", "velocity.prior", "generator" })
        {
            SafeTensors.Write(path, whole.Where(pair => pair.Key != part), metadata);
            Assert.Contains(part, Refused(Settings, Data), StringComparison.Ordinal);
        }
        foreach (var (part, value) in new[] { ("step", null), ("loss", "x"), ("metrics-length", "") })
        {
            var changed = metadata.Where(pair => pair.Key != part).ToDictionary(StringComparer.Ordinal);
            if (value is not null) changed[part] = value;
            SafeTensors.Write(path, whole, changed);
            Assert.StartsWith(path, Refused(Settings, Data), StringComparison.Ordinal);
        }
        SafeTensors.Write(path, whole.Select(pair => pair.Key == "generator" ? (pair.Key, pair.Value[..8]) : pair), metadata);
        Assert.StartsWith(path, Refused(Settings, Data), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Refused(VaeSettings settings, MnistData data)
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(settings, data, threads: 1);
        return Assert.Throws<InputException>(() => new Trainer<VaeTrainingResult>(task, run)).Message;
    }

    private VaeTrainingResult Train(VaeSettings settings, string name, int stopAt = -1, int threads = 1, Action<TrainingProgress>? progress = null)
    {
        using var run = RunFolder.Open(folder.At(name));
        using var task = new VaeTask(settings.Validated(), Data, threads);
        using var training = new Trainer<VaeTrainingResult>(task, run);
        using var stop = new CancellationTokenSource();
        return training.Run(progress, step =>
        {
            if (step == stopAt) stop.Cancel();
            return null;
        }, cancellation: stop.Token)!;
    }

    /// <summary>Stopped again and again, after 1 to 20 steps.</summary>
    private void Interrupted(VaeSettings settings, string name, Random random)
    {
        for (var step = random.Next(1, 20); step < settings.Steps; step += random.Next(1, 20))
            Assert.Throws<OperationCanceledException>(() => Train(settings, name, step));
        Train(settings, name);
    }

    /// <summary>The loss of each step by plain calls, as far as it is finite.</summary>
    private static List<float> Losses(VaeSettings settings, string name)
    {
        using var scope = NewDisposeScope();
        using var model = new VaeModel(settings, Data.Train.PixelMeans(), Seeds.Derive(settings.Seed, 0));
        using var optimizer = new Sgd(model.Parameters, settings.LearningRate, settings.Momentum, settings.WeightDecay);
        using var generator = new Generator(Seeds.Derive(settings.Seed, 2));
        var (order, indices) = (new SampleOrder(Data.Train.Count, Seeds.Derive(settings.Seed, 1)), new int[settings.BatchSize]);
        var baseline = name == "reinforce" ? new MovingAverageBaseline(0.9) : null;
        var estimator = EstimatorName.Parse(name).Create(settings.Temperature);
        var losses = new List<float>();
        for (var step = 0; step < settings.Steps + 1; step++)
        {
            order.Fill(step, indices);
            using var images = Data.Train.Batch(indices);
            var posterior = model.Encode(images);
            var node = estimator.Sample(posterior, generator);
            var cost = model.Cost(images, posterior, node.Value);
            var loss = cost.mean().item<float>();
            if (!float.IsFinite(loss)) break;
            losses.Add(loss);
            SurrogateLoss.Parallel(cost, [node], baseline?.Next(cost.detach())).mean().backward();
            optimizer.Step();
        }
        return losses;
    }

    private void AssertSame(string a, string b)
    {
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "checkpoint/state.safetensors" })
            Assert.True(File.ReadAllBytes(folder.At($"{a}/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"{b}/{name}"))), $"{name} differs");
    }
}
