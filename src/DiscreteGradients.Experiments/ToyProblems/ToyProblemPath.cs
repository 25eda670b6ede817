using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The pictures of an optimisation: the objective along it, and on the simplex the path.</summary>
public static class ToyProblemPath
{
    private const int Side = 60;

    /// <summary>Writes objective.svg and .png, and for the simplex path.svg and .png, into the run folder.</summary>
    /// <param name="settings">Of the run.</param>
    /// <param name="folder">Its folder; the metrics are read from it.</param>
    public static void Draw(ToyProblemSettings settings, string folder)
    {
        var problem = settings.Create();
        var points = MetricsLine.Read(folder).Where(line => line.Values.ContainsKey("probabilities"))
            .Select(line => (Step: (double)line.Step, Objective: line.Get<double>("objective"), P: line.Get<double[]>("probabilities")))
            .Prepend((Step: 0, Objective: problem.Objective(settings.Start()), P: [.. settings.Start().Cast<double>()])).ToList();
        using var objective = new LinePlot("Objective", "step", "E f(D), exact");
        objective.Add($"{settings.Estimator}", [.. points.Select(point => point.Step)], [.. points.Select(point => point.Objective)]);
        objective.Save(folder, "objective");
        if (settings.Programme != ToyProblemSettings.Simplex) return;
        var grid = new TriangleGrid(Side);
        double?[] values = [.. grid.Points.Select(p => (double?)problem.Objective(new[,] { { p[0], p[1], p[2] } }))];
        var triangle = new TrianglePlot(Invariant($"(p − c)ᵀ Q (p − c): {settings.Estimator}, τ = {settings.Temperature}"), grid);
        triangle.Fill(values, 0, values.Max()!.Value);
        triangle.Path([.. points.Select(point => point.P)], Invariant($"{points[^1].Step} steps"));
        using var sheet = new PanelSheet(700);
        sheet.Add(triangle.Plot);
        sheet.Save(folder, "path", 600);
    }
}
