using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>When a training writes checkpoints, and what it says of its pace.</summary>
public sealed class TrainerCheckpointTests : IDisposable
{
    private static readonly VaeSettings Settings = new()
    {
        Architecture = VaeArchitecture.Linear,
        Arity = 2,
        Estimator = EstimatorName.Parse("st"),
        BatchSize = 2,
        ValidationSamples = 1
    };
    private static readonly MnistData Data = TestData.Mnist();
    private readonly TemporaryFolder folder = new();

    // After each step, the last of which is a validation; or at the validation alone.
    [Theory]
    [InlineData(0, 6)]
    [InlineData(1e6, 1)]
    public void ThereAreAsManyAsTheirIntervalAllows(double seconds, int checkpoints)
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings with { Steps = 6, ValidationInterval = 6 }, Data, 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run) { CheckpointInterval = TimeSpan.FromSeconds(seconds) };
        Assert.Equal(6, trainer.Run(cancellation: TestContext.Current.CancellationToken)!.Steps);
        Assert.Equal(Enumerable.Range(7 - checkpoints, checkpoints), TimingLine.Read(run.Path).Select(line => line.Step));
    }

    /// <summary>However slow the machine: the time that the run takes bounds their number.</summary>
    [Fact]
    public void TheIntervalIsFromOneToTheNext()
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings with { Steps = 60, ValidationInterval = 60 }, Data, 1);
        var interval = TimeSpan.FromMilliseconds(20);
        using var trainer = new Trainer<VaeTrainingResult>(task, run) { CheckpointInterval = interval };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        trainer.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.InRange((double)TimingLine.Read(run.Path).Count, 1, clock.Elapsed / interval + 1);
    }

    /// <summary>What was done before counts for nothing: the pace times the time are the steps since, at any pace.</summary>
    [Fact]
    public void ThePaceIsThatSinceTheRunWasTakenUp()
    {
        var settings = Settings with { Steps = 60, ValidationInterval = 60 };
        foreach (var (until, steps) in new[] { (50, 50), (53, 3) })
        {
            using var run = RunFolder.Open(folder.At("run"));
            using var task = new VaeTask(settings, Data, 1);
            using var trainer = new Trainer<VaeTrainingResult>(task, run);
            Assert.Null(trainer.Run(until: until, cancellation: TestContext.Current.CancellationToken));
            var line = TimingLine.Read(run.Path)[^1];
            Assert.Equal(until, line.Step);
            // The clock is read twice.
            Assert.InRange(line.StepsPerSecond * line.Seconds, 0.99 * steps, 6 * steps);
        }
    }

    [Fact]
    public void ProgressIsToldWithEachLineOfTheLogAndEachValidation()
    {
        using var run = RunFolder.Open(folder.At("run"));
        using var task = new VaeTask(Settings with { Steps = 105, ValidationInterval = 105 }, Data, 1);
        using var trainer = new Trainer<VaeTrainingResult>(task, run);
        var told = new List<TrainingProgress>();
        trainer.Run(told.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([(100, 105, false), (105, 105, true)], told.Select(one => (one.Step, one.Steps, one.Note is not null)));
        Assert.Equal(MetricsLine.Read(run.Path).Select(line => line.Number("loss")).OfType<double>(), told.Select(one => one.Loss));
        Assert.All(told, one => Assert.True(one.StepsPerSecond > 0, $"{one}"));
    }

    public void Dispose() => folder.Dispose();
}
