using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>Checkpoints with a right checksum and a wrong content.</summary>
public sealed class TrainerTests : IDisposable
{
    private const int Seeded = 12, Left = 8, Next = 16;
    private static readonly VaeSettings Settings = new() { Architecture = VaeArchitecture.Linear, Arity = 2, Estimator = EstimatorName.Parse("reinforce"), Steps = 4, BatchSize = 2, ValidationInterval = 2, ValidationSamples = 1 };
    private static readonly MnistData Data = TestData.Mnist();
    private readonly TemporaryFolder folder = new();

    public TrainerTests()
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings, Data, 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        Assert.Null(trainer.Run(until: 3, cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("step", "-2147483648")]
    [InlineData("step", "-5")]
    [InlineData("step", "5")]
    [InlineData("step", "2147483647")]
    [InlineData("step", "99999999999999999999")]
    [InlineData("step", "1.5")]
    [InlineData("step", "")]
    [InlineData("step", null)]
    [InlineData("metrics-length", "-1")]
    [InlineData("metrics-length", "x")]
    [InlineData("metrics-length", "1000000")]
    [InlineData("metrics-length", "1")]
    [InlineData("metrics-length", null)]
    [InlineData("loss-sum", "NaN")]
    [InlineData("loss-sum", "")]
    [InlineData("loss", "Infinity")]
    [InlineData("loss", null)]
    [InlineData("baseline", "NaN")]
    [InlineData("baseline", "1e999")]
    [InlineData("baseline", "none")]
    [InlineData("validation-bound", null)]
    [InlineData("identity", "")]
    [InlineData("identity", "0")]
    [InlineData("identity", null)]
    public void ATextThatNoTrainingWritesIsRefused(string key, string? value) => Refused(forgeTexts: texts =>
    {
        if (value is null) texts.Remove(key);
        else texts[key] = value;
    });

    [Theory]
    [InlineData(Left, 0, 1, 0)]
    [InlineData(Left, -1, 1, 0)]
    [InlineData(Left, 625, 1, 0)]
    [InlineData(Seeded, 1, 0, 0)]
    [InlineData(Seeded, 1, 7, 0)]
    [InlineData(Next, 1, 1, 625)]
    [InlineData(Next, 624, 1, 2)]
    [InlineData(Next, 1, 1, -1)]
    public void AStateThatWouldEndTheProcessIsRefused(int what, int left, int seeded, long next) => Refused(forgeTensors: tensors =>
    {
        Assert.InRange(what, Left, Next);
        var state = tensors["generator"].bytes;
        BitConverter.TryWriteBytes(state[Left..], left);
        BitConverter.TryWriteBytes(state[Seeded..], seeded);
        BitConverter.TryWriteBytes(state[Next..], next);
    });

    [Theory]
    [InlineData("generator", 0)]
    [InlineData("generator", 5055)]
    [InlineData("prior", 3)]
    [InlineData("velocity.prior", 0)]
    public void ATensorOfAnotherShapeIsRefused(string name, long length) => Refused(forgeTensors: tensors =>
    {
        Assert.True(tensors.ContainsKey(name), string.Join(' ', tensors.Keys));
        tensors[name] = zeros(length, dtype: tensors[name].dtype);
    });

    [Fact]
    public void AMissingTensorIsRefused() => Refused(forgeTensors: tensors => tensors.Remove("generator"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFolderThatIsMovedOrDeletedMeanwhileIsNoSuccess(bool isMoved)
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings, Data, 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        if (isMoved) Directory.Move(folder.At("run"), folder.At("moved"));
        else Directory.Delete(folder.At("run"), recursive: true);
        var error = Assert.Throws<IOException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken));
        Assert.StartsWith($"{folder.At("run")} was moved or deleted", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("run")));
    }

    [Fact]
    public void StoppedInAValidation_ARunGoesOnWithTheSameBits()
    {
        foreach (var name in new[] { "whole", "stopped" })
        {
            using var run = RunFolder.Open(folder.At(name));
            using var task = new VaeTask(Settings, Data, 1);
            if (name == "stopped")
            {
                using var stop = new CancellationTokenSource();
                using var first = new Trainer<VaeTrainingResult>(new StoppedInValidation(task, stop), run);
                Assert.ThrowsAny<OperationCanceledException>(() => first.Run(cancellation: stop.Token));
                Assert.Equal(2, first.Step);
            }
            using var again = new VaeTask(Settings, Data, 1);
            using var trainer = new Trainer<VaeTrainingResult>(again, run);
            Assert.Equal(name == "stopped" ? 2 : 0, trainer.Step);
            Assert.Equal(4, trainer.Run(cancellation: TestContext.Current.CancellationToken)!.Steps);
        }
        foreach (var name in new[] { "metrics.jsonl", "result.json", "checkpoint/state.safetensors" })
            Assert.Equal(File.ReadAllBytes(folder.At($"whole/{name}")), File.ReadAllBytes(folder.At($"stopped/{name}")));
    }

    [Fact]
    public void ALineOfMetricsHasTheMeanLossOfTheStepsSinceTheLast()
    {
        var settings = Settings with { Steps = 105, ValidationInterval = 105 };
        List<double> losses = [], logged;
        using (var task = new VaeTask(settings, Data, 1))
        {
            for (var step = 0; step < settings.Steps; step++) losses.Add(task.Run(step));
        }
        using (var run = RunFolder.Open(folder.At("long")))
        using (var task = new VaeTask(settings, Data, 1))
        using (var trainer = new Trainer<VaeTrainingResult>(task, run))
        {
            Assert.Equal(losses[100..].Average(), trainer.Run(cancellation: TestContext.Current.CancellationToken)!.Loss!.Value, 1e-9);
            logged = [.. MetricsLine.Read(folder.At("long")).Select(line => line.Number("loss")).OfType<double>()];
        }
        Assert.Equal(2, logged.Count);
        Assert.Equal(losses[..100].Average(), logged[0], 1e-9);
        Assert.Equal(losses[100..].Average(), logged[1], 1e-9);
    }

    [Fact]
    public void ASoundOneGoesOn()
    {
        Forge(_ => { }, _ => { });
        Resume();
    }

    public void Dispose() => folder.Dispose();

    private void Refused(Action<Dictionary<string, Tensor>>? forgeTensors = null, Action<Dictionary<string, string>>? forgeTexts = null)
    {
        Forge(forgeTensors ?? (_ => { }), forgeTexts ?? (_ => { }));
        var error = Assert.Throws<InputException>(Resume);
        Assert.StartsWith(folder.At("run"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void Forge(Action<Dictionary<string, Tensor>> forgeTensors, Action<Dictionary<string, string>> forgeTexts)
    {
        using var scope = NewDisposeScope();
        var path = RunFolder.CheckpointIn(folder.At("run"));
        var (tensors, texts) = SafeTensors.Read(path);
        var (forgedTensors, forgedTexts) = (new Dictionary<string, Tensor>(tensors, StringComparer.Ordinal), new Dictionary<string, string>(texts, StringComparer.Ordinal));
        forgeTensors(forgedTensors);
        forgeTexts(forgedTexts);
        SafeTensors.Write(path, forgedTensors.Select(pair => (pair.Key, pair.Value)), forgedTexts);
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    /// <summary>The task, with somebody who presses Ctrl-C as a validation begins.</summary>
    private sealed class StoppedInValidation(VaeTask task, CancellationTokenSource stop) : ITrainingTask<VaeTrainingResult>
    {
        public object Settings => task.Settings;

        public int Steps => task.Steps;

        public int ValidationInterval => task.ValidationInterval;

        public IEnumerable<(string Name, Tensor Value)> State => task.State;

        public Generator Generator => task.Generator;

        public IReadOnlyDictionary<string, double?> Numbers
        {
            get => task.Numbers;
            set => task.Numbers = value;
        }

        public double Run(int step) => task.Run(step);

        public Validation? Validate(int step, CancellationToken cancellation)
        {
            stop.Cancel();
            return task.Validate(step, cancellation);
        }

        public VaeTrainingResult Result(RunStatus status, int steps, double? loss) => task.Result(status, steps, loss);

        public void Dispose() => task.Dispose();
    }

    private void Resume()
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings, Data, 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        Assert.Equal(3, trainer.Step);
        Assert.Equal(4, trainer.Run(cancellation: TestContext.Current.CancellationToken)!.Steps);
    }
}
