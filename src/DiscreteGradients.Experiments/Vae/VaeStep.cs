using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>What one step of training does, and everything that changes while it does.</summary>
internal sealed class VaeStep : IDisposable
{
    private const double BaselineDecay = 0.9;
    private readonly BinaryImages images;
    private readonly IGradientEstimator estimator;
    private readonly SampleOrder order;
    private readonly int[] indices;

    /// <param name="settings">Validated.</param>
    /// <param name="images">The training set.</param>
    /// <param name="threads">For the kernel; the numbers do not depend on it.</param>
    public VaeStep(VaeSettings settings, BinaryImages images, int threads)
    {
        this.images = images;
        var spec = EstimatorSpec.Parse(settings.Estimator);
        estimator = spec.Create(settings.Temperature, threads);
        if (spec.UsesScore) Baseline = new(BaselineDecay);
        Model = new VaeModel(settings, images.PixelMeans(), Seeds.Derive(settings.Seed, 0));
        Optimizer = new Sgd(Model.Parameters, settings.LearningRate, settings.Momentum, settings.WeightDecay);
        order = new SampleOrder(images.Count, Seeds.Derive(settings.Seed, 1));
        Generator = new Generator(Seeds.Derive(settings.Seed, 2));
        indices = new int[settings.BatchSize];
    }

    /// <summary>The model as far as it is trained.</summary>
    public VaeModel Model { get; }

    /// <summary>Holds the velocities.</summary>
    public Sgd Optimizer { get; }

    /// <summary>Of the estimator's noise.</summary>
    public Generator Generator { get; }

    /// <summary>For the estimators that use a score; else null.</summary>
    public MovingAverageBaseline? Baseline { get; private set; }

    /// <summary>Sets the running mean of the cost, where there is one; null before the first step.</summary>
    public void RestoreBaseline(double? value)
    {
        if (Baseline is not null) Baseline = new(BaselineDecay, value);
    }

    /// <summary>The step of this number, counted from 0. Returns its loss, nats; where that is not finite, the weights are
    /// left as they were.</summary>
    public double Run(long step)
    {
        using var scope = NewDisposeScope();
        order.Fill(step, indices);
        var batch = images.Batch(indices);
        var posterior = Model.Encode(batch);
        var node = estimator.Sample(posterior, Generator);
        var cost = Model.Cost(batch, posterior, node.Value);
        var surrogate = SurrogateLoss.Parallel(cost, [node], Baseline?.Next(cost.detach())).mean();
        var value = surrogate.item<float>();
        if (!float.IsFinite(value)) return value;
        surrogate.backward();
        Optimizer.Step();
        return value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Generator.Dispose();
        Model.Dispose();
    }
}
