using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>A run that has come to its end and is given more steps ends with the bits of one that had them from the start.</summary>
public sealed class LongerRunTests : IDisposable
{
    private static readonly string[] Files = ["settings.json", "metrics.jsonl", "result.json", "checkpoint/state.safetensors"];
    private static readonly MnistData Data = TestData.Mnist();
    private static readonly VaeSettings Vae = new() { Architecture = VaeArchitecture.Linear, Arity = 2, Estimator = EstimatorName.Parse("reinforce"), BatchSize = 2, ValidationInterval = 4, ValidationSamples = 1 };
    private readonly TemporaryFolder folder = new();

    // Ends within an interval, at a validation, at a line of the log, and at both; and after several shorter ones.
    [Theory]
    [InlineData(9, 3)]
    [InlineData(9, 4)]
    [InlineData(9, 1, 4, 5)]
    [InlineData(105, 99, 100, 101)]
    public void OfAVae(int steps, params int[] shorter) => AssertSame(steps, shorter, TrainVae);

    [Fact]
    public void OfAToyProblem() => AssertSame(130, [70, 100, 120], (name, steps) =>
        Train(name, new ToyProblemTask(new() { Steps = steps, ValidationInterval = 20 })));

    [Fact]
    public void OfListOps()
    {
        var data = ListOpsData.Generate(seed: 1, count: 300, excluded: [], TestContext.Current.CancellationToken);
        AssertSame(3, [1, 2], (name, epochs) => Train(name, new ListOpsTask(new() { MaxLength = 5, Epochs = epochs, Estimator = EstimatorName.Parse("st") }, data)));
    }

    [Fact]
    public void StoppedBeforeItsFirstCheckpoint_ItGoesOnAllTheSame()
    {
        TrainVae("whole", 9);
        TrainVae("parts", 3);
        using (var run = RunFolder.Open(folder.At("parts")))
        using (var task = new VaeTask(Vae with { Steps = 9 }, Data, 1))
        {
            new Trainer<VaeTrainingResult>(task, run).Dispose();   // the settings say 9 now, the checkpoint 3
        }
        TrainVae("parts", 9);
        AssertSame();
    }

    [Fact]
    public void WhatWasFoundBeforeIsSetAside_AndSaid()
    {
        TrainVae("parts", 3);
        File.WriteAllText(folder.At("parts/evaluation-test.json"), "of step 3");
        File.WriteAllText(folder.At("parts/comparison-bound.json"), "of step 3");
        string? note = null;
        TrainVae("parts", 5, progress => note ??= progress.Note);
        Assert.Equal($"steps is 3 there and 5 here: the run goes on; evaluation-test.json, comparison-bound.json, result.json of before: {folder.At("parts/3-steps")}", note);
        Assert.Equal("of step 3", File.ReadAllText(folder.At("parts/3-steps/evaluation-test.json")));
        Assert.Contains("\"steps\": 3", File.ReadAllText(folder.At("parts/3-steps/result.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("parts/evaluation-test.json")), "it is of another model");
        Assert.False(File.Exists(folder.At("parts/comparison-bound.json")), "it is of another model");
    }

    [Fact]
    public void WhatWasFoundBeforeTheEndIsSetAsideAsTheRunGoesOn()
    {
        Pause("parts", 2);
        File.WriteAllText(folder.At("parts/evaluation-test.json"), "of step 2");
        Pause("parts", 2);
        Assert.True(File.Exists(folder.At("parts/evaluation-test.json")), "no step was taken");
        var notes = new List<string?>();
        TrainVae("parts", 5, progress =>
        {
            notes.Add(progress.Note);
            // Beside the training, of its first checkpoint.
            if (progress.Note?.StartsWith("step 4", StringComparison.Ordinal) == true) File.WriteAllText(folder.At("parts/evaluation-test.json"), "of step 4");
        });
        Assert.Equal([$"evaluation-test.json of an earlier step: {folder.At("parts/earlier")}", $"evaluation-test.json of an earlier step: {folder.At("parts/earlier-2")}"],
            notes.Where(note => note?.Contains("earlier", StringComparison.Ordinal) == true));
        Assert.Equal("of step 2", File.ReadAllText(folder.At("parts/earlier/evaluation-test.json")));
        Assert.Equal("of step 4", File.ReadAllText(folder.At("parts/earlier-2/evaluation-test.json")));
        // What is found at the end stays, however often the run is asked for again.
        File.WriteAllText(folder.At("parts/evaluation-test.json"), "of step 5");
        TrainVae("parts", 5);
        Assert.Equal("of step 5", File.ReadAllText(folder.At("parts/evaluation-test.json")));
        TrainVae("whole", 5);
        AssertSame();
    }

    /// <summary>A run that was stopped between its last checkpoint and its result takes no step more, nor does one that
    /// diverges.</summary>
    [Fact]
    public void WhatWasFoundBeforeTheEndIsSetAsideWhereNoStepIsLeft()
    {
        TrainVae("parts", 5);
        File.Delete(folder.At("parts/result.json"));
        File.WriteAllText(folder.At("parts/evaluation-test.json"), "of step 4");
        TrainVae("parts", 5);
        Assert.Equal("of step 4", File.ReadAllText(folder.At("parts/earlier/evaluation-test.json")));
        Assert.False(File.Exists(folder.At("parts/evaluation-test.json")));
        TrainVae("whole", 5);
        AssertSame();

        var settings = new ToyProblemSettings
        {
            Programme = ToyProblemSettings.Polynomial,
            Variables = 3,
            Estimator = EstimatorName.Parse("st-gs"),
            LearningRate = 1e39,
            Steps = 10,
        };
        using var task = new ToyProblemTask(settings);
        using var run = RunFolder.Open(folder.At("diverged"));
        using var trainer = new Trainer<ToyProblemTrainingResult>(task, run);
        var result = trainer.Run(measure: step =>
        {
            File.WriteAllText(folder.At("diverged/evaluation-test.json"), $"of step {step}");
            return null;
        }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((RunStatus.Diverged, 1), (result!.Status, result.Steps));
        Assert.Equal("of step 1", File.ReadAllText(folder.At("diverged/earlier/evaluation-test.json")));
        Assert.False(File.Exists(folder.At("diverged/evaluation-test.json")));
    }

    [Fact]
    public void ACheckpointOfAnotherRunIsNoneToGoOnFrom()
    {
        TrainVae("parts", 3);
        var checkpoint = File.ReadAllBytes(folder.At("parts/checkpoint/state.safetensors"));
        var settings = File.ReadAllText(folder.At("parts/settings.json"));
        File.WriteAllText(folder.At("parts/settings.json"), settings.Replace("\"seed\": 0", "\"seed\": 1", StringComparison.Ordinal));
        var error = Assert.Throws<InputException>(() => Train("parts", new VaeTask(Vae with { Steps = 5, Seed = 1 }, Data, 1)));
        Assert.Contains("is a checkpoint of other settings than", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"steps\": 3", File.ReadAllText(folder.At("parts/settings.json")), StringComparison.Ordinal);
        Assert.Equal(checkpoint, File.ReadAllBytes(folder.At("parts/checkpoint/state.safetensors")));
    }

    public void Dispose() => folder.Dispose();

    private void AssertSame(int steps, int[] shorter, Action<string, int> train)
    {
        train("whole", steps);
        foreach (var part in shorter.Append(steps)) train("parts", part);
        AssertSame();
    }

    private void AssertSame()
    {
        foreach (var name in Files)
            Assert.True(File.ReadAllBytes(folder.At($"whole/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"parts/{name}"))), $"{name} differs");
    }

    private void Pause(string name, int step)
    {
        using var task = new VaeTask(Vae with { Steps = 5 }, Data, 1);
        using var run = RunFolder.Open(folder.At(name));
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        Assert.Null(trainer.Run(until: step, cancellation: TestContext.Current.CancellationToken));
    }

    private void TrainVae(string name, int steps) => TrainVae(name, steps, null);

    private void TrainVae(string name, int steps, Action<TrainingProgress>? progress) => Train(name, new VaeTask(Vae with { Steps = steps }, Data, 1), progress);

    private void Train<TResult>(string name, ITrainingTask<TResult> task, Action<TrainingProgress>? progress = null)
        where TResult : TrainingResult
    {
        using (task)
        {
            using var run = RunFolder.Open(folder.At(name));
            using var trainer = new Trainer<TResult>(task, run);
            var result = trainer.Run(progress, step => step % 3 == 0 ? new { step, measured = true } : null, cancellation: TestContext.Current.CancellationToken);
            Assert.False(result!.HasDiverged);
        }
    }
}
