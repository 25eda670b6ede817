using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The pictures of an optimisation: the objective along it, and on the simplex the path.</summary>
internal static class ToyProblemPath
{
    private const int Side = 60;

    /// <summary>Writes objective.svg and .png, and for the simplex path.svg and .png, into the run folder.</summary>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="folder">The run's folder; the metrics are read from it.</param>
    public static void Draw(ToyProblemSettings settings, string folder)
    {
        var problem = settings.Create();
        var points = MetricsLine.Read(folder).Where(line => line.Values.ContainsKey("probabilities"))
            .Select(line => (Step: (double)line.Step, Objective: line.Get<double>("objective"), P: line.Get<double[]>("probabilities")))
            .Prepend((Step: 0, Objective: problem.Objective(settings.Start()), P: [.. settings.Start().Cast<double>()])).ToList();
        var objective = new CurvePanel($"Objective: {settings.Estimator.PaperName}", "step", "E f(D), exact");
        objective.Add(CurveStyle.Of(settings.Estimator), points.Select(point => (point.Step, (Estimate?)new Estimate(point.Objective, double.NaN))));
        Save(objective.Plot, "objective");
        if (settings.Programme != ToyProblemSettings.Simplex) return;
        var grid = new TriangleGrid(Side);
        double?[] values = [.. grid.Points.Select(p => (double?)problem.Objective(new[,] { { p[0], p[1], p[2] } }))];
        var triangle = new TrianglePlot(Invariant($"(p − c)ᵀ Q (p − c): {settings.Estimator.PaperName}, τ = {settings.Temperature}"), grid);
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
