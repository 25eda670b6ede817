using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeSnapshotsTests : IDisposable
{
    private static readonly VaeSettings Settings = new() { Arity = 16, Architecture = VaeArchitecture.Linear, Steps = 12, BatchSize = 2, ValidationInterval = 6, ValidationSamples = 2 };
    private static readonly MnistData Data = TestData.Mnist();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void SnapshotsAreThoseOfTheTraining()
    {
        Make("run", [3, 8]);
        Make("run", [3]);
        Make("run", [8, 12]);
        using var task = new VaeTask(Settings, Data, 1);
        for (var step = 0; step < 12; step++)
        {
            task.Run(step);
            if (step + 1 is not (3 or 8 or 12)) continue;
            using var kept = VaeSnapshots.Load(folder.At("run"), Settings, Data, step + 1);
            foreach (var (a, b) in kept.Parameters.Zip(task.Model.Parameters)) Assert.True(a.Value.bytes.SequenceEqual(b.Value.bytes), $"{a.Name} at {step + 1}");
        }
        Assert.Contains("has no weights of step 5", Refused("run", 5), StringComparison.Ordinal);
        Assert.Contains("step 13 was asked for", Refused("run", 13), StringComparison.Ordinal);
    }

    [Fact]
    public void StoppedInAValidation_ARunKeepsTheWeightsOfItsStepWhenItGoesOn()
    {
        // Stopped from the start, a run takes one step each time: the sixth ends in the validation.
        for (var step = 1; step <= 6; step++)
            Assert.ThrowsAny<OperationCanceledException>(() => Make("stopped", [6], new CancellationToken(canceled: true)));
        using var latest = VaeSnapshots.LoadLatest(folder.At("stopped"), Settings, Data, out var latestStep);
        Assert.Equal(6, latestStep);
        Assert.Contains("has no weights of step 5", Refused("stopped", 5), StringComparison.Ordinal);
        Make("stopped", [6]);
        using var kept = VaeSnapshots.Load(folder.At("stopped"), Settings, Data, 6);
        foreach (var (a, b) in kept.Parameters.Zip(latest.Parameters)) Assert.True(a.Value.bytes.SequenceEqual(b.Value.bytes), a.Name);
        Make("whole", [6]);
        foreach (var name in new[] { "snapshots/step-6.safetensors", "checkpoint/state.safetensors", "metrics.jsonl" })
            Assert.Equal(File.ReadAllBytes(folder.At($"whole/{name}")), File.ReadAllBytes(folder.At($"stopped/{name}")));
    }

    [Fact]
    public void ATrainingThatDivergesBeforeAStepHasNoWeightsOfIt()
    {
        var settings = Settings with { Architecture = VaeArchitecture.Deep, LearningRate = 1e30 };
        var error = Assert.Throws<InputException>(() => VaeSnapshots.Make(settings, Data, folder.At("wild"), [1, 12], 1));
        var done = JsonFile.Read<VaeTrainingResult>(folder.At("wild/result.json"))!.Steps;
        Assert.InRange(done, 1, 11);
        Assert.Equal($"{folder.At("wild")}: the training diverged after step {done}; expected earlier steps.", error.Message);
        Assert.Equal(["step-1.safetensors"], Directory.EnumerateFiles(folder.At("wild/snapshots"))
            .Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void WeightsThatADivergedTrainingOfOtherSettingsKeptGoAsideWithIt()
    {
        var wild = Settings with { Architecture = VaeArchitecture.Deep, LearningRate = 1e30 };
        Assert.Throws<InputException>(() => VaeSnapshots.Make(wild, Data, folder.At("run"), [1, 12], 1));
        Make("run", [1]);
        Make("new", [1]);
        Assert.Equal(File.ReadAllBytes(folder.At("new/snapshots/step-1.safetensors")),
            File.ReadAllBytes(folder.At("run/snapshots/step-1.safetensors")));
        Assert.True(File.Exists(folder.At("run/diverged/snapshots/step-1.safetensors")));
    }

    [Fact]
    public void StepsBeginAtOne_AndARefusalMakesNoFolder()
    {
        foreach (var step in new[] { 0, -1, 13 })
        {
            Assert.Equal($"step {step} was asked for; expected a step from 1 to 12, the last of the training.",
                Refused("none", step));
            Assert.False(Directory.Exists(folder.At("none")));
        }
        Assert.Null(VaeSnapshots.Refusal(Settings, Data, folder.At("none"), [1, 12]));
    }

    [Fact]
    public void ACheckpointThatDoesNotSayItsStepIsNoneOfATraining()
    {
        using var task = new VaeTask(Settings, Data, 1);
        var path = RunFolder.CheckpointIn(folder.At("odd"));
        SafeTensors.Write(path, task.Model.Parameters, new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Equal($"{path} does not say its step; expected a checkpoint of a training run.",
            Assert.Throws<InputException>(() => VaeSnapshots.LoadLatest(folder.At("odd"), Settings, Data, out _)).Message);
    }

    public void Dispose() => folder.Dispose();

    private void Make(string name, IReadOnlyList<int> steps, CancellationToken cancellation = default) =>
        VaeSnapshots.Make(Settings, Data, folder.At(name), steps, 1, cancellation: cancellation);

    private string Refused(string name, int step) => Assert.Throws<InputException>(() => Make(name, [step])).Message;
}
