using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The optimisation of a toy problem: its step and everything that a step changes.</summary>
public sealed class ToyProblemTask : ITrainingTask<ToyProblemTrainingResult>
{
    private const string BaselineKey = "baseline";
    private const double BaselineDecay = 0.9;
    private readonly ToyProblemSettings settings;
    private readonly IToyProblem problem;
    private readonly IGradientEstimator estimator;
    private readonly Tensor logits;     // [V, n]
    private readonly Sgd optimizer;
    private MovingAverageBaseline? baseline;

    /// <param name="settings">Validated.</param>
    /// <param name="threads">For the kernel; the numbers do not depend on it.</param>
    public ToyProblemTask(ToyProblemSettings settings, int threads)
    {
        this.settings = settings;
        problem = settings.Create();
        estimator = settings.Estimator.Create(settings.Temperature, threads);
        if (settings.Estimator.UsesScore) baseline = new(BaselineDecay);
        using var _ = NewDisposeScope();
        logits = tensor(settings.Start(), dtype: ScalarType.Float32).log().requires_grad_().DetachFromDisposeScope();
        optimizer = new Sgd([("logits", logits)], settings.LearningRate, settings.Momentum, weightDecay: 0);
        Generator = new Generator(Seeds.For(settings.Seed, SeedPurpose.Weights));
    }

    /// <inheritdoc/>
    public Generator Generator { get; }

    /// <inheritdoc/>
    public object Settings => settings;

    /// <inheritdoc/>
    public string Identity => RunIdentity.Of(settings);

    /// <inheritdoc/>
    public int Steps => settings.Steps;

    /// <inheritdoc/>
    public int ValidationInterval => settings.ValidationInterval;

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [("logits", logits), .. optimizer.State];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double?> Numbers
    {
        get => new Dictionary<string, double?>(StringComparer.Ordinal) { [BaselineKey] = baseline?.Value };
        set
        {
            if (baseline is not null) baseline = new(BaselineDecay, value[BaselineKey]);
        }
    }

    /// <inheritdoc/>
    public double Run(int step)
    {
        using var scope = NewDisposeScope();
        var distribution = new OneHotCategorical(logits.unsqueeze(0).expand(settings.BatchSize, -1, -1));
        var node = estimator.Sample(distribution, Generator);
        var cost = problem.Cost(distribution, node.Value);
        return optimizer.Minimise(SurrogateLoss.Parallel(cost, [node], baseline?.Next(cost.detach())).mean());
    }

    /// <inheritdoc/>
    public Validation? Validate(int step, CancellationToken cancellation)
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective)
            ? new(new { step, objective, probabilities = point.Cast<double>().ToArray() }, Invariant($"step {step}: objective {objective:G6}"))
            : null;
    }

    /// <inheritdoc/>
    public ToyProblemTrainingResult Result(RunStatus status, int steps, double? loss)
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective)
            ? new(status, steps, loss, objective, [.. point.Cast<double>()], ProgramVersion.Text)
            : new(status, steps, loss, null, null, ProgramVersion.Text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        optimizer.Dispose();
        Generator.Dispose();
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

/// <summary>The end of an optimisation.</summary>
/// <param name="Status">How the optimisation ended.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Loss">Mean cost of the last logged steps; null if it is no number.</param>
/// <param name="Objective">The exact objective at the last logged point.</param>
/// <param name="Probabilities">p there, [V·n].</param>
/// <param name="Version">Version of the program, with the commit.</param>
public sealed record ToyProblemTrainingResult(RunStatus Status, int Steps, double? Loss, double? Objective, IReadOnlyList<double>? Probabilities, string Version)
{
    /// <summary>Whether the loss stopped being a number.</summary>
    [JsonIgnore]
    public bool HasDiverged => Status == RunStatus.Diverged;
}
