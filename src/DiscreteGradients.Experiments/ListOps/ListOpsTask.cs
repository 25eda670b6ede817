using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The training of the TreeLSTM on ListOps (App. D.1): its step and everything that a step changes.</summary>
internal sealed class ListOpsTask : TrainingTask<ListOpsSettings, ListOpsTrainingResult>
{
    /// <summary>Before the names of the best epoch's weights in a checkpoint.</summary>
    internal const string BestPrefix = "best.";

    private const string AccuracyKey = "accuracy", BestAccuracyKey = "best-accuracy", BestEpochKey = "best-epoch";
    private readonly ListOpsData data;
    private readonly IReadOnlyList<Expression> train, valid;
    private readonly bool scored;
    private readonly IGradientEstimator estimator;
    private readonly ReferenceMasking? flawed;
    private readonly BatchOrder order;
    private readonly Sgd optimizer;
    private readonly List<(string Name, Tensor Value)> best = [];
    private double? accuracy, bestAccuracy, bestEpoch;

    public ListOpsTask(ListOpsSettings settings, ListOpsData data)
        : base(settings.On(data), Seeds.For(settings.Seed, SeedPurpose.Noise),
            settings.Estimator.UsesScore && settings.Baseline == BaselineKind.RunningMean)
    {
        this.data = data;
        (train, valid) = data.Split(settings.MaxLength, SplitSeed(settings.Seed));
        Model = new TreeLstm(Seeds.For(settings.Seed, SeedPurpose.Weights));
        foreach (var (name, value) in Model.Parameters) best.Add((BestPrefix + name, value.detach().clone()));
        optimizer =
            new Sgd(Model.Parameters, settings.LearningRate, momentum: 0, settings.WeightDecay, decaysAll: true, Model.Layers);
        order = new BatchOrder([.. train.Select(expression => expression.Length)], settings.Batch, settings.Batching,
            Seeds.For(settings.Seed, SeedPurpose.Order));
        estimator = settings.Estimator.Create(settings.Temperature);
        scored = settings.Estimator.UsesScore;
        if (settings.Masking == Masking.Reference) flawed = new(settings.Estimator, settings.Temperature, Generator);
    }

    /// <summary>The model as far as it is trained.</summary>
    public TreeLstm Model { get; }

    public override int Steps => Settings.Epochs * order.Count;

    public override int ValidationInterval => order.Count;

    public override IEnumerable<(string Name, Tensor Value)> State => [.. Model.Parameters, .. best];

    protected override IReadOnlyDictionary<string, double?> Found
    {
        get => new Dictionary<string, double?>(StringComparer.Ordinal)
        {
            [AccuracyKey] = accuracy,
            [BestAccuracyKey] = bestAccuracy,
            [BestEpochKey] = bestEpoch,
        };
        set => (accuracy, bestAccuracy, bestEpoch) = (value[AccuracyKey], value[BestAccuracyKey], value[BestEpochKey]);
    }

    /// <summary>Seed of the validation split of a run.</summary>
    public static ulong SplitSeed(ulong seed) => Seeds.For(seed, SeedPurpose.Validation);

    public override double Run(int step)
    {
        using var scope = NewDisposeScope();
        var batch = Batch(step);
        var output = Model.Forward(batch, Choose, Settings.Estimator.IsRelaxed);
        var cost = output.Cost(batch.Labels);
        return optimizer.Minimise(SurrogateLoss.Sequential(cost, output.Choices, BaselineOf(batch, cost)).mean());
    }

    public override Validation? Validate(int step, CancellationToken cancellation)
    {
        var parses = ParsedExpression.All(Model, valid, cancellation: cancellation);
        var loss = parses.Average(parse => parse.Cost);
        if (!double.IsFinite(loss)) return null;
        var epoch = step / order.Count;
        accuracy = parses.Zip(valid).Count(pair => pair.First.Value == pair.Second.Label) / (double)valid.Count;
        var f1 = parses.Zip(valid).Average(pair => pair.First.Tree.F1(pair.Second.Tree()));
        if (bestAccuracy is null || accuracy > bestAccuracy)
        {
            (bestAccuracy, bestEpoch) = (accuracy, epoch);
            using var _ = no_grad();
            foreach (var ((_, value), (_, kept)) in Model.Parameters.Zip(best)) kept.copy_(value);
        }
        return new(new { step, epoch, validationAccuracy = accuracy, validationLoss = loss, bracketF1 = f1 }, Invariant(
            $"epoch {epoch} of {Settings.Epochs}: validation accuracy {accuracy:P1} ({valid.Count} expressions), loss {loss:F3}, bracket F1 {f1:F3}"));
    }

    protected override ListOpsTrainingResult Summary() => new()
    {
        ValidationAccuracy = accuracy,
        BestAccuracy = bestAccuracy,
        BestEpoch = (int?)bestEpoch,
        TrainingExpressions = train.Count,
        ValidationExpressions = valid.Count,
        Data = data.Name,
    };

    public override void Dispose()
    {
        flawed?.Dispose();
        optimizer.Dispose();
        base.Dispose();
        Model.Dispose();
        foreach (var (_, value) in best) value.Dispose();
    }

    private ListOpsBatch Batch(int step)
    {
        var members = order.Batch(step);
        var expressions = new Expression[members.Length];
        for (var i = 0; i < expressions.Length; i++) expressions[i] = train[members[i]];
        return ListOpsBatch.Of(expressions);
    }

    private StochasticNode Choose(Tensor scores, Tensor? mask) =>
        flawed?.Choose(scores, mask) ?? estimator.Sample(new OneHotCategorical(scores, mask), Generator);

    private Tensor? BaselineOf(ListOpsBatch batch, Tensor cost)
    {
        if (!scored) return null;
        if (Baseline is not null) return Baseline.Next(cost.detach());
        using var _ = no_grad();
        return Model.Forward(batch, ParsedExpression.Greedy).Cost(batch.Labels);
    }
}

/// <summary>The end of a training; the loss is the cross-entropy in nats.</summary>
internal sealed record ListOpsTrainingResult : TrainingResult
{
    /// <summary>Accuracy on the validation expressions after the last whole epoch, 0 to 1; null if there was none.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The best of the epochs' accuracies, 0 to 1; null if there was none.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>The best epoch, counted from 1.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Expressions trained on.</summary>
    public required int TrainingExpressions { get; init; }

    /// <summary>Expressions validated on.</summary>
    public required int ValidationExpressions { get; init; }

    public required string Data { get; init; }
}

/// <summary>The contents of a run folder of this task.</summary>
internal static class ListOpsRun
{
    /// <summary>Tells whether the folder is a run of this task.</summary>
    /// <exception cref="InputException">It is no run folder at all.</exception>
    public static bool Is(string runFolder) =>
        RunFolder.ReadSettings<System.Text.Json.Nodes.JsonObject>(runFolder).ContainsKey("max-length");

    /// <summary>The model of the run's latest checkpoint.</summary>
    /// <param name="weights">Those of the best epoch on the validation set, or the last.</param>
    /// <exception cref="InputException">There is none, no epoch is done yet, or it does not fit.</exception>
    public static TreeLstm Model(string runFolder, Weights weights)
    {
        var path = RunFolder.CheckpointIn(runFolder);
        return SavedWeights.Load(path, () => new TreeLstm(0), model => model.Parameters, metadata => weights == Weights.Last ? ""
            : metadata.GetValueOrDefault("best-epoch") is null or ""
                ? throw new InputException($"{path} has no best weights: no epoch is done; expected one, or the last weights.")
            : ListOpsTask.BestPrefix).Model;
    }
}
