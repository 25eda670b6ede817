using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

public sealed class ToyProblemTaskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The velocity and the baseline are part of the state, and so is the generator.</summary>
    [Theory]
    [InlineData("reinforce", 0.9)]
    [InlineData("gr-mc:5", 0.6)]
    public void AnInterruptedRunGivesTheBitsOfAWholeOne(string estimator, double momentum)
    {
        var settings = new ToyProblemSettings
        {
            Programme = ToyProblemSettings.Polynomial,
            Variables = 6,
            Probability = 0.4,
            Estimator = EstimatorName.Parse(estimator),
            LearningRate = 0.5,
            Momentum = momentum,
            BatchSize = 3,
            Steps = 50,
            ValidationInterval = 20,
            Seed = 3,
        };
        var whole = Train(settings, "whole");
        foreach (var step in new[] { 7, 21, 33, 48 }) Assert.Throws<OperationCanceledException>(() => Train(settings, "parts", step));
        Train(settings, "parts");
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "checkpoint/state.safetensors", "result.json" })
            Assert.True(File.ReadAllBytes(folder.At($"whole/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"parts/{name}"))), $"{name} differs");
        // What is said of the end is of the last point.
        var (p, last) = (whole.Probabilities!, MetricsLine.Read(folder.At("whole"))[^1]);
        var point = new double[6, 2];
        for (var i = 0; i < 12; i++) point[i / 2, i % 2] = p[i];
        Assert.All(Enumerable.Range(0, 6), v => Assert.Equal(1, point[v, 0] + point[v, 1], 1e-12));
        Assert.Equal(settings.Create().Objective(point), whole.Objective!.Value, 1e-15);
        Assert.Equal((50, whole.Objective), (last.Step, last.Number("objective")));
        Assert.Equal(p, last.Get<double[]>("probabilities"));
    }

    /// <summary>Three steps by plain operations; no setting is at its default.</summary>
    [Fact]
    public void TheStepsAreThoseOfTheSettings()
    {
        var settings = new ToyProblemSettings
        {
            Programme = ToyProblemSettings.Polynomial,
            Power = 3,
            Variables = 4,
            Probability = 0.3,
            Estimator = EstimatorName.Parse("st-gs"),
            Temperature = 0.8,
            BatchSize = 5,
            LearningRate = 2,
            Momentum = 0.6,
            Seed = 9,
        }.Validated();
        using var scope = NewDisposeScope();
        using var task = new ToyProblemTask(settings);
        using var generator = new Generator(Seeds.For(9, SeedPurpose.Weights));
        var theta = tensor(new[] { 0.7f, 0.3f }).log().expand(4, 2);
        var velocity = zeros(4, 2);
        for (var step = 0; step < 3; step++)
        {
            var leaf = theta.expand(5, 4, 2).clone().requires_grad_();
            var value = leaf.SampleOneHot(new StraightThroughGumbelSoftmax(0.8), generator);
            var cost = (value.select(-1, 1) - 0.45).abs().pow(3).mean();
            cost.backward();
            velocity = velocity * 0.6 + leaf.grad!.sum(dim: 0);
            theta = theta - velocity * 2;
            Assert.Equal(cost.item<float>(), task.Run(step), 1e-6);
        }
        Assert.True(theta.allclose(task.State.First().Value, 1e-5, 1e-6));
        Assert.True(velocity.allclose(task.State.Last().Value, 1e-4, 1e-7));
    }

    /// <summary>The baseline is the running mean of the cost, of the first step the mean of the others; and the cost of the
    /// simplex has a derivative by way of p itself.</summary>
    [Fact]
    public void TheStepsOfReinforceAreThoseOfItsEquation()
    {
        var settings = new ToyProblemSettings
        {
            P = "0.5,0.3,0.2",
            Estimator = EstimatorName.Parse("reinforce"),
            BatchSize = 8,
            LearningRate = 0.7,
            Momentum = 0.6,
            Seed = 5,
        }.Validated();
        using var scope = NewDisposeScope();
        using var task = new ToyProblemTask(settings);
        using var generator = new Generator(Seeds.For(5, SeedPurpose.Weights));
        var (theta, velocity) = (tensor(new[,] { { 0.5f, 0.3f, 0.2f } }).log(), zeros(1, 3));
        var mean = (double?)null;
        for (var step = 0; step < 4; step++)
        {
            var leaf = theta.expand(8, 1, 3).clone().requires_grad_();
            var q = new OneHotCategorical(leaf);
            var value = q.Sample(generator);
            var cost = new QuadraticProblem().Cost(q, value);
            var costs = cost.detach();
            var baseline = mean is { } past ? full_like(costs, past) : (costs.sum() - costs) / 7;
            (cost + (costs - baseline) * q.LogProb(value).sum(-1)).mean().backward();
            var average = costs.mean().item<float>();
            mean = mean is { } before ? 0.9 * before + 0.1 * average : average;
            velocity = velocity * 0.6 + leaf.grad!.sum(dim: 0);
            theta = theta - velocity * 0.7;
            Assert.Equal(average, task.Run(step), 1e-6);
        }
        Assert.True(theta.allclose(task.State.First().Value, 1e-5, 1e-6));
        Assert.True(velocity.allclose(task.State.Last().Value, 1e-3, 1e-6));
    }

    /// <summary>Logits that are not finite are no point, and nothing is said of them.</summary>
    [Fact]
    public void ARunThatDivergesHasNoObjective()
    {
        var result = Train(new ToyProblemSettings
        {
            Programme = ToyProblemSettings.Polynomial,
            Variables = 3,
            Estimator = EstimatorName.Parse("st-gs"),
            LearningRate = 1e39,
            Steps = 10,
        }, "run");
        Assert.True(result.HasDiverged);
        Assert.Equal(1, result.Steps);
        Assert.Null(result.Objective);
        Assert.Null(result.Probabilities);
    }

    /// <summary>After the last step there is no loss that would tell it.</summary>
    [Fact]
    public void ARunWhoseLastStepLeadsNowhereHasDiverged()
    {
        var settings = new ToyProblemSettings
        {
            Programme = ToyProblemSettings.Polynomial,
            Variables = 3,
            Estimator = EstimatorName.Parse("st-gs"),
            LearningRate = 1e39,
            Steps = 1,
        };
        var result = Train(settings, "run");
        Assert.Equal((RunStatus.Diverged, 1, null), (result.Status, result.Steps, result.Objective));
        Assert.DoesNotContain(MetricsLine.Read(folder.At("run")), line => line.Values.ContainsKey("objective"));
    }

    [Fact]
    public void AValidationSaysTheObjectiveOfThePoint()
    {
        const string Words = "step 40: objective ";
        var settings = new ToyProblemSettings { P = "0.5,0.3,0.2" }.Validated();
        using var task = new ToyProblemTask(settings);
        var note = task.Validate(40, TestContext.Current.CancellationToken)!.Note;
        Assert.StartsWith(Words, note, StringComparison.Ordinal);
        var objective = double.Parse(note[Words.Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(settings.Create().Objective(settings.Start()), objective, 1e-6);
    }

    [Fact]
    public void ThePathOverTheSimplexSaysItsSteps()
    {
        folder.Write("metrics.jsonl", "{\"step\":20,\"objective\":0.02,\"probabilities\":[0.4,0.3,0.3]}\n"
            + "{\"step\":30,\"loss\":0.5}\n{\"step\":40,\"objective\":0.01,\"probabilities\":[0.35,0.35,0.3]}\n");
        ToyProblemPath.Draw(new() { P = "0.6,0.3,0.1" }, folder.FullPath);
        Assert.Matches(@">\s*40 steps\s*</text>", File.ReadAllText(folder.At("path.svg")));
        Assert.True(File.Exists(folder.At("objective.svg")));
    }

    /// <summary>The start is no line of the metrics, but the first point of the picture.</summary>
    [Fact]
    public void ThePictureOfARunBeginsAtItsStart()
    {
        folder.Write("metrics.jsonl", "{\"step\":20,\"objective\":0.21,\"probabilities\":[0.8,0.2,0.7,0.3]}\n");
        var picture = Drawn(0.5);
        Assert.Equal(picture, Drawn(0.5));
        Assert.NotEqual(picture, Drawn(0.2));
        Assert.False(File.Exists(folder.At("path.svg")), "there is no simplex of three");

        byte[] Drawn(double probability)
        {
            ToyProblemPath.Draw(new()
            {
                Programme = ToyProblemSettings.Polynomial,
                Variables = 2,
                Probability = probability,
            }, folder.FullPath);
            return File.ReadAllBytes(folder.At("objective.png"));
        }
    }

    public void Dispose() => folder.Dispose();

    private ToyProblemTrainingResult Train(ToyProblemSettings settings, string name, int stopAt = -1)
    {
        using var run = RunFolder.Open(folder.At(name));
        using var task = new ToyProblemTask(settings.Validated());
        using var trainer = new Trainer<ToyProblemTrainingResult>(task, run);
        using var stop = new CancellationTokenSource();
        return trainer.Run(null, step =>
        {
            if (step == stopAt) stop.Cancel();
            return null;
        }, cancellation: stop.Token)!;
    }
}
