using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The training of the discrete variational auto-encoder (App. D.2): its step and everything that a step
/// changes.</summary>
internal sealed class VaeTask : TrainingTask<VaeSettings, VaeTrainingResult>
{
    private const string BoundKey = "validation-bound";
    private readonly MnistData data;
    private readonly int threads;
    private readonly IGradientEstimator estimator;
    private readonly SampleOrder order;
    private readonly Sgd optimizer;
    private readonly int[] indices;

    /// <param name="threads">For the bound; the numbers do not depend on it.</param>
    public VaeTask(VaeSettings settings, MnistData data, int threads)
        : base(settings.On(data), Seeds.For(settings.Seed, SeedPurpose.Noise), settings.Estimator.UsesScore)
    {
        (this.data, this.threads) = (data, threads);
        estimator = settings.Estimator.Create(settings.Temperature);
        Model = new VaeModel(settings, data.Train.PixelMeans(), Seeds.For(settings.Seed, SeedPurpose.Weights));
        optimizer =
            new Sgd(Model.Parameters, settings.LearningRate, settings.Momentum, settings.WeightDecay, layers: Model.Layers);
        order = new SampleOrder(data.Train.Count, Seeds.For(settings.Seed, SeedPurpose.Order));
        indices = new int[settings.BatchSize];
    }

    /// <summary>The model as far as it is trained.</summary>
    public VaeModel Model { get; }

    /// <summary>The last bound on the validation images used while training, nats; null before the first.</summary>
    public double? ValidationBound { get; private set; }

    public override int Steps => Settings.Steps;

    public override int ValidationInterval => Settings.ValidationInterval;

    public override IEnumerable<(string Name, Tensor Value)> State => [.. Model.Parameters, .. optimizer.State];

    protected override IReadOnlyDictionary<string, double?> Found
    {
        get => new Dictionary<string, double?>(StringComparer.Ordinal) { [BoundKey] = ValidationBound };
        set => ValidationBound = value[BoundKey];
    }

    public override double Run(int step)
    {
        using var scope = NewDisposeScope();
        order.Fill(step, indices);
        var batch = data.Train.Batch(indices);
        var posterior = Model.Encode(batch);
        var node = estimator.Sample(posterior, Generator);
        var cost = Model.Cost(batch, posterior, node.Value);
        return optimizer.Minimise(SurrogateLoss.Parallel(cost, [node], Baseline?.Next(cost.detach())).mean());
    }

    public override Validation? Validate(int step, CancellationToken cancellation)
    {
        using var bound = new ImportanceBound(Model);
        var result = bound.Evaluate(data.Valid, Settings.ValidationImages, Settings.ValidationSamples,
            Seeds.For(Settings.Seed, SeedPurpose.Validation), threads, cancellation: cancellation);
        if (!double.IsFinite(result.Bound)) return null;
        ValidationBound = result.Bound;
        return new(new { step, ValidationBound, result.StandardError, result.Samples, result.Images }, Invariant(
            $"step {step}: validation bound {result.Text("F2")} nats (M = {result.Samples}, {result.Images} images)"));
    }

    protected override VaeTrainingResult Summary() => new()
    {
        ValidationBound = ValidationBound,
        Data = data.Name,
        Binarisation = data.Binarisation,
    };

    public override void Dispose()
    {
        optimizer.Dispose();
        base.Dispose();
        Model.Dispose();
    }
}

/// <summary>The end of a training; the loss is in nats.</summary>
internal sealed record VaeTrainingResult : TrainingResult
{
    /// <summary>The last bound on the validation images used while training, nats; null if there is none.</summary>
    public double? ValidationBound { get; init; }

    public required string Data { get; init; }

    public required string Binarisation { get; init; }
}
