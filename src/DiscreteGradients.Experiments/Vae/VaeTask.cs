using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The training of the discrete variational auto-encoder (App. D.2): its step and everything that a step changes.</summary>
public sealed class VaeTask : ITrainingTask<VaeTrainingResult>
{
    private const string BaselineKey = "baseline", BoundKey = "validation-bound";
    private const double BaselineDecay = 0.9;
    private readonly VaeSettings settings;
    private readonly MnistData data;
    private readonly int threads;
    private readonly IGradientEstimator estimator;
    private readonly SampleOrder order;
    private readonly Sgd optimizer;
    private readonly int[] indices;
    private MovingAverageBaseline? baseline;

    /// <param name="settings">Validated.</param>
    /// <param name="data">What the settings name.</param>
    /// <param name="threads">For the kernel and the bound; the numbers do not depend on it.</param>
    public VaeTask(VaeSettings settings, MnistData data, int threads)
    {
        (this.settings, this.data, this.threads) = (settings.On(data), data, threads);
        estimator = settings.Estimator.Create(settings.Temperature, threads);
        if (settings.Estimator.UsesScore) baseline = new(BaselineDecay);
        Model = new VaeModel(settings, data.Train.PixelMeans(), Seeds.For(settings.Seed, SeedPurpose.Weights));
        optimizer = new Sgd(Model.Parameters, settings.LearningRate, settings.Momentum, settings.WeightDecay);
        order = new SampleOrder(data.Train.Count, Seeds.For(settings.Seed, SeedPurpose.Order));
        Generator = new Generator(Seeds.For(settings.Seed, SeedPurpose.Noise));
        indices = new int[settings.BatchSize];
    }

    /// <summary>The model as far as it is trained.</summary>
    public VaeModel Model { get; }

    /// <inheritdoc/>
    public Generator Generator { get; }

    /// <summary>The last bound on the validation images used while training, nats; null before the first.</summary>
    public double? ValidationBound { get; private set; }

    /// <inheritdoc/>
    public object Settings => settings;

    /// <inheritdoc/>
    public string Identity => RunIdentity.Of(settings);

    /// <inheritdoc/>
    public int Steps => settings.Steps;

    /// <inheritdoc/>
    public int ValidationInterval => settings.ValidationInterval;

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [.. Model.Parameters, .. optimizer.State];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double?> Numbers
    {
        get => new Dictionary<string, double?>(StringComparer.Ordinal) { [BaselineKey] = baseline?.Value, [BoundKey] = ValidationBound };
        set
        {
            if (baseline is not null) baseline = new(BaselineDecay, value[BaselineKey]);
            ValidationBound = value[BoundKey];
        }
    }

    /// <inheritdoc/>
    public double Run(int step)
    {
        using var scope = NewDisposeScope();
        order.Fill(step, indices);
        var batch = data.Train.Batch(indices);
        var posterior = Model.Encode(batch);
        var node = estimator.Sample(posterior, Generator);
        var cost = Model.Cost(batch, posterior, node.Value);
        return optimizer.Minimise(SurrogateLoss.Parallel(cost, [node], baseline?.Next(cost.detach())).mean());
    }

    /// <inheritdoc/>
    public Validation? Validate(int step, CancellationToken cancellation)
    {
        using var bound = new ImportanceBound(Model);
        var result = bound.Evaluate(data.Valid, settings.ValidationImages, settings.ValidationSamples, Seeds.For(settings.Seed, SeedPurpose.Validation), threads, cancellation: cancellation);
        if (!double.IsFinite(result.Bound)) return null;
        ValidationBound = result.Bound;
        return new(new { step, ValidationBound, result.StandardError, result.Samples, result.Images }, Invariant(
            $"step {step}: validation bound {result.Bound:F2} ± {result.StandardError:F2} nats (M = {result.Samples}, {result.Images} images)"));
    }

    /// <inheritdoc/>
    public VaeTrainingResult Result(RunStatus status, int steps, double? loss) => new()
    {
        Status = status,
        Steps = steps,
        Loss = loss,
        ValidationBound = ValidationBound,
        Data = data.Name,
        Binarisation = data.Binarisation,
        Version = ProgramVersion.Text,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        optimizer.Dispose();
        Generator.Dispose();
        Model.Dispose();
    }
}
