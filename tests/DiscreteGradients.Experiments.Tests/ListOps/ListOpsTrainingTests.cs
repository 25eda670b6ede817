using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ListOps;

/// <summary>Steps of the whole training, and of the same model with its layers in full, gradients formed and plain updates.</summary>
public sealed class ListOpsTrainingTests
{
    [Fact]
    public void TheWeightsAfterTwelveStepsAreThoseOfPlainOperations()
    {
        var settings = new ListOpsSettings
        {
            Data = "small",
            MaxLength = 6,
            BatchSize = 19,
            Estimator = EstimatorName.Parse("st-gs"),
            Temperature = 0.6,
            LearningRate = 0.3,
            WeightDecay = 0.2,
            Seed = 4,
        }.Validated();
        using var task = new ListOpsTask(settings, Expressions.Data);
        using var model = new TreeLstm(Seeds.For(settings.Seed, SeedPurpose.Weights));
        using var generator = new Generator(Seeds.For(settings.Seed, SeedPurpose.Noise));
        using var whole = NewDisposeScope();
        var start = model.Parameters.Select(parameter => parameter.Value.detach().clone()).ToList();
        var train = Expressions.Data.Split(6, Seeds.For(settings.Seed, SeedPurpose.Validation)).Train;
        var order = new BatchOrder([.. train.Select(expression => expression.Length)], 19, Batching.Buckets, Seeds.For(settings.Seed, SeedPurpose.Order));
        var estimator = new StraightThroughGumbelSoftmax(0.6);
        for (var step = 0; step < 12; step++)
        {
            using var scope = NewDisposeScope();
            var batch = ListOpsBatch.Of([.. order.Batch(step).ToArray().Select(i => train[i])]);
            var output = model.Forward(batch, (scores, mask) => estimator.Sample(new OneHotCategorical(scores, mask), generator), relaxed: true);
            var loss = output.Cost(batch.Labels).mean();
            loss.backward();
            Assert.Equal(loss.item<float>(), task.Run(step), 1e-5);
            using var constant = no_grad();
            foreach (var (_, value) in model.Parameters)
            {
                value.sub_((value.grad! + value * 0.2) * 0.3);      // biases decay too
                value.grad = null;
            }
        }
        foreach (var ((name, ours), ((_, plain), before)) in task.Model.Parameters.Zip(model.Parameters.Zip(start)))
        {
            var change = (plain - before).abs().max().item<float>();
            Assert.True(change > 0, name);
            Assert.True((ours - plain).abs().max().item<float>() < 1e-3 * change, name);
        }
    }

    /// <summary>The baseline is the running mean of the cost, of the first batch the mean of the others; or the cost of the most
    /// probable tree.</summary>
    [Theory]
    [InlineData(nameof(BaselineKind.RunningMean))]
    [InlineData(nameof(BaselineKind.SelfCritical))]
    public void ReinforceWeighsEachTreesScoreWithItsCostLessTheBaseline(string name)
    {
        var baseline = Enum.Parse<BaselineKind>(name);
        var mean = (double?)null;
        var settings = Settings with { Estimator = EstimatorName.Parse("reinforce"), Baseline = baseline };
        FourStepsAreThoseOf(settings, (model, generator, batch) =>
        {
            var output = model.Forward(batch, (scores, mask) =>
                new Reinforce().Sample(new OneHotCategorical(scores, mask), generator));
            var cost = output.Cost(batch.Labels);
            var score = output.Choices.Select(choice => choice.Score!).Aggregate((a, b) => a + b);
            var costs = cost.detach();
            return (cost + (costs - Subtracted(model, batch, costs)) * score, cost);
        });

        Tensor Subtracted(TreeLstm model, ListOpsBatch batch, Tensor costs)
        {
            using var _ = no_grad();
            if (baseline == BaselineKind.SelfCritical)
                return model.Forward(batch, ParsedExpression.Greedy).Cost(batch.Labels);
            var before = mean;
            var average = costs.mean().item<float>();
            mean = before is { } past ? 0.9 * past + 0.1 * average : average;
            return before is { } value ? full_like(costs, value) : (costs.sum() - costs) / (batch.Count - 1);
        }
    }

    /// <summary>Shuffled, so that there is padding to mask.</summary>
    [Fact]
    public void TheMaskingOfTheReferenceIsThatOfItsTemperature()
    {
        var settings = Settings with
        {
            Estimator = EstimatorName.Parse("st-gs"),
            Masking = Masking.Reference,
            Batching = Batching.Shuffled,
        };
        FourStepsAreThoseOf(settings, (model, generator, batch) =>
        {
            using var flawed = new ReferenceMasking(settings.Estimator, 0.6, generator);
            var cost = model.Forward(batch, flawed.Choose, relaxed: true).Cost(batch.Labels);
            return (cost, cost);
        });
    }

    private static ListOpsSettings Settings => new()
    {
        Data = "small",
        MaxLength = 6,
        BatchSize = 19,
        Temperature = 0.6,
        LearningRate = 0.05,
        WeightDecay = 0,
        Seed = 4,
    };

    /// <summary>Steps of a training and of a loss by plain operations, of a model whose scores and costs are far apart.</summary>
    private static void FourStepsAreThoseOf(
        ListOpsSettings settings, Func<TreeLstm, Generator, ListOpsBatch, (Tensor Loss, Tensor Cost)> losses)
    {
        using var task = new ListOpsTask(settings.Validated(), Expressions.Data);
        using var model = new TreeLstm(Seeds.For(settings.Seed, SeedPurpose.Weights));
        foreach (var one in (TreeLstm[])[task.Model, model]) Expressions.Spread(one);
        using var generator = new Generator(Seeds.For(settings.Seed, SeedPurpose.Noise));
        using var whole = NewDisposeScope();
        var start = model.Parameters.Select(parameter => parameter.Value.detach().clone()).ToList();
        var train = Expressions.Data.Split(6, Seeds.For(settings.Seed, SeedPurpose.Validation)).Train;
        var order = new BatchOrder([.. train.Select(expression => expression.Length)], 19, settings.Batching,
            Seeds.For(settings.Seed, SeedPurpose.Order));
        for (var step = 0; step < 4; step++)
        {
            using var scope = NewDisposeScope();
            var batch = ListOpsBatch.Of([.. order.Batch(step).ToArray().Select(i => train[i])]);
            var (loss, cost) = losses(model, generator, batch);
            loss.mean().backward();
            Assert.Equal(cost.mean().item<float>(), task.Run(step), 1e-4);
            using var constant = no_grad();
            foreach (var (_, value) in model.Parameters)
            {
                value.sub_(value.grad! * 0.05);
                value.grad = null;
            }
        }
        foreach (var ((name, ours), ((_, plain), before)) in task.Model.Parameters.Zip(model.Parameters.Zip(start)))
        {
            var change = (plain - before).abs().max().item<float>();
            Assert.True(change > 0, name);
            Assert.True((ours - plain).abs().max().item<float>() < 1e-2 * change, name);
        }
    }
}
