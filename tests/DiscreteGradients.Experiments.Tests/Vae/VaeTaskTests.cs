using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaeTaskTests
{
    private static readonly MnistData Data = TestData.Mnist();
    private static readonly VaeSettings Settings = new()
    {
        Architecture = VaeArchitecture.Linear,
        Arity = 4,
        BatchSize = 4,
        Estimator = EstimatorName.Parse("reinforce"),
        Seed = 3
    };

    /// <summary>The loss is the mean cost of a step; the baseline is their mean, in which nine tenths are of the past.</summary>
    [Fact]
    public void TheBaselineOfReinforceIsARunningMeanOfTheCosts_AndIsTakenUp()
    {
        using var task = new VaeTask(Settings, Data, 1);
        Assert.Null(task.Numbers["baseline"]);
        var mean = task.Run(0);
        Near(mean, task);
        for (var step = 1; step < 4; step++)
        {
            mean = 0.9 * mean + 0.1 * task.Run(step);
            Near(mean, task);
        }
        using var other = new VaeTask(Settings, Data, 1);
        other.Numbers = task.Numbers;
        Near(0.9 * mean + 0.1 * other.Run(0), other);

        // float32: of costs of some 500 nats.
        static void Near(double expected, VaeTask task) => Assert.Equal(expected, task.Numbers["baseline"]!.Value, 1e-3);
    }

    [Fact]
    public void TheBoundOfOneImageHasNoError()
    {
        var settings = Settings with { ValidationImages = 1, ValidationSamples = 2 };
        using var task = new VaeTask(settings, Data, 1);
        Assert.Matches(@"^step 7: validation bound \d+\.\d\d nats \(M = 2, 1 images\)$", task.Validate(7, TestContext.Current.CancellationToken)!.Note);
        using var more = new VaeTask(settings with { ValidationImages = 3 }, Data, 1);
        Assert.Matches(@"^step 7: validation bound \d+\.\d\d ± \d+\.\d\d nats \(M = 2, 3 images\)$", more.Validate(7, TestContext.Current.CancellationToken)!.Note);
    }

    [Fact]
    public void ATaskSaysOnWhichDataItWasTrained()
    {
        using var task = new VaeTask(Settings with { Data = "elsewhere" }, Data with { Source = "/here" }, 1);
        Assert.Equal(("/here", Data.Checksum), (task.Settings.Data, task.Settings.DataChecksum));
        var result = task.Result(RunStatus.Completed, 7, 1.5);
        Assert.Equal((RunStatus.Completed, 7, 1.5, Data.Name, Data.Binarisation, null),
            (result.Status, result.Steps, result.Loss, result.Data, result.Binarisation, result.ValidationBound));
        Assert.Equal(ProgramVersion.Text, result.Version);
    }
}
