using DiscreteGradients.Experiments.Networks;
using DiscreteGradients.Experiments.Presentation;
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

    public ToyProblemTask(ToyProblemSettings settings)
        : base(settings, Seeds.For(settings.Seed, SeedPurpose.Weights), settings.Estimator.UsesScore)
    {
        problem = settings.Create();
        estimator = settings.Estimator.Create(settings.Temperature);
        using var _ = NewDisposeScope();
        logits = tensor(settings.Start(), dtype: ScalarType.Float32).log().requires_grad_().DetachFromDisposeScope();
        optimizer = new Sgd([("logits", logits)], settings.LearningRate, settings.Momentum, weightDecay: 0);
    }

    public override int Steps => Settings.Steps;

    public override int ValidationInterval => Settings.ValidationInterval;

    public override IEnumerable<(string Name, Tensor Value)> State => [("logits", logits), .. optimizer.State];

    public override double Run(int step)
    {
        using var scope = NewDisposeScope();
        var distribution = new OneHotCategorical(logits.unsqueeze(0).expand(Settings.BatchSize, -1, -1));
        var node = estimator.Sample(distribution, Generator);
        var cost = problem.Cost(distribution, node.Value);
        return optimizer.Minimise(SurrogateLoss.Parallel(cost, [node], Baseline?.Next(cost.detach())).mean());
    }

    public override Validation? Validate(int step, CancellationToken cancellation)
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective)
            ? new(new { step, objective, probabilities = point.Cast<double>().ToArray() },
                Invariant($"step {step}: objective {objective:G6}"))
            : null;
    }

    protected override ToyProblemTrainingResult Summary()
    {
        var point = Point();
        var objective = problem.Objective(point);
        return double.IsFinite(objective) ? new() { Objective = objective, Probabilities = [.. point.Cast<double>()] } : new();
    }

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
        return (double[,])logits.to(ScalarType.Float64).softmax(-1).data<double>().ToNDArray();
    }
}

/// <summary>The end of an optimisation; the loss is the cost.</summary>
internal sealed record ToyProblemTrainingResult : TrainingResult
{
    /// <summary>The exact objective at the last point; null if it is no number.</summary>
    public double? Objective { get; init; }

    /// <summary>The probabilities p at the last point, [V·n].</summary>
    public IReadOnlyList<double>? Probabilities { get; init; }
}

/// <summary>The pictures of an optimisation: the objective along it, and on the simplex the path.</summary>
internal static class ToyProblemPath
{
    private const int Side = 60;

    /// <summary>Writes objective.svg and .png, and for the simplex path.svg and .png, into the run folder.</summary>
    /// <param name="folder">The run's folder; the metrics are read from it.</param>
    public static void Draw(ToyProblemSettings settings, string folder)
    {
        var problem = settings.Create();
        var points = MetricsLine.Read(folder).Where(line => line.Values.ContainsKey("probabilities"))
            .Select(line => (Step: (double)line.Step, Objective: line.Get<double>("objective"),
                P: line.Get<double[]>("probabilities")))
            .Prepend((Step: 0, Objective: problem.Objective(settings.Start()), P: [.. settings.Start().Cast<double>()])).ToList();
        var objective = new CurvePanel($"Objective: {settings.Estimator.PaperName}", "step", "E f(D), exact");
        objective.Add(CurveStyle.Of(settings.Estimator),
            points.Select(point => (point.Step, (Estimate?)new Estimate(point.Objective, double.NaN))));
        Save(objective.Plot, "objective");
        if (settings.Programme != ToyProblemSettings.Simplex) return;
        var grid = new TriangleGrid(Side);
        double?[] values = [.. grid.Points.Select(p => (double?)problem.Objective(new[,] { { p[0], p[1], p[2] } }))];
        var triangle =
            new TrianglePlot(Invariant($"(p − c)ᵀ Q (p − c): {settings.Estimator.PaperName}, τ = {settings.Temperature}"), grid);
        triangle.Fill(values, 0, values.Max()!.Value);
        triangle.Path([.. points.Select(point => point.P)], Invariant($"{points[^1].Step} steps"));
        Save(triangle.Plot, "path");

        void Save(ScottPlot.Plot plot, string name)
        {
            using var sheet = new PanelSheet(700) { Height = 600 };
            sheet.Add(plot);
            sheet.Save(folder, name);
        }
    }
}
