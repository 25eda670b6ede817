using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The optimisation of a toy problem: its step and everything that a step changes.</summary>
internal sealed class ToyProblemTask : TrainingTask<ToyProblemSettings, ToyProblemTrainingResult>
{
    private readonly IToyProblem problem;
    private readonly IGradientEstimator estimator;
    private readonly Tensor logits;     // [V, n]
    private readonly Sgd optimizer;

    /// <param name="settings">Validated.</param>
    /// <param name="threads">For the kernel; the numbers do not depend on it.</param>
    public ToyProblemTask(ToyProblemSettings settings, int threads)
        : base(settings, Seeds.For(settings.Seed, SeedPurpose.Weights), settings.Estimator.UsesScore)
    {
        problem = settings.Create();
        estimator = settings.Estimator.Create(settings.Temperature, threads);
        using var _ = NewDisposeScope();
        logits = tensor(settings.Start(), dtype: ScalarType.Float32).log().requires_grad_().DetachFromDisposeScope();
        optimizer = new Sgd([("logits", logits)], settings.LearningRate, settings.Momentum, weightDecay: 0);
    }

    /// <inheritdoc/>
    public override int Steps => Settings.Steps;

    /// <inheritdoc/>
    public override int ValidationInterval => Settings.ValidationInterval;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Value)> State => [("logits", logits), .. optimizer.State];

    /// <inheritdoc/>
    public override double Run(int step)
    {
        using var scope = NewDisposeScope();
        var distribution = new OneHotCategorical(logits.unsqueeze(0).expand(Settings.BatchSize, -1, -1));
        var node = estimator.Sample(distribution, Generator);
        var cost = problem.Cost(distribution, node.Value);
        return optimizer.Minimise(SurrogateLoss.Parallel(cost, [node], Baseline?.Next(cost.detach())).mean());
    }

    /// <inheritdoc/>
    public override Validation? Validate(int step, CancellationToken cancellation)
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective)
            ? new(new { step, objective, probabilities = point.Cast<double>().ToArray() }, Invariant($"step {step}: objective {objective:G6}"))
            : null;
    }

    /// <inheritdoc/>
    protected override ToyProblemTrainingResult Summary()
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective) ? new() { Objective = objective, Probabilities = [.. point.Cast<double>()] } : new();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        optimizer.Dispose();
        base.Dispose();
        logits.Dispose();
    }

    private double[,] Point()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var flat = logits.to(ScalarType.Float64).softmax(-1).data<double>().ToArray();
        var point = new double[problem.Variables, problem.Arity];
        Buffer.BlockCopy(flat, 0, point, 0, flat.Length * sizeof(double));
        return point;
    }
}

/// <summary>The end of an optimisation; the loss is the cost.</summary>
internal sealed record ToyProblemTrainingResult : TrainingResult
{
    /// <summary>The exact objective at the last point; null if it is no number.</summary>
    public double? Objective { get; init; }

    /// <summary>p there, [V·n].</summary>
    public IReadOnlyList<double>? Probabilities { get; init; }
}
