using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>Figures 2a, 2b and 3 from studies of the VAE's gradients: SVG, PNG and CSV.</summary>
public static class VarianceFigure
{
    private const string Steps = "training step", MonteCarlo = "log₁₀ tr cov given minibatch", Minibatch = "log₁₀ tr cov over minibatches";
    private const int Width = 640, LegendWidth = 260, Height = 480;

    /// <summary>Figure 2a: Monte-Carlo variance along the training of one model.</summary>
    public static void AlongTraining(IReadOnlyList<VaeGradientResult> results, string path)
    {
        var names = results[0].Settings.Estimators;
        using var sheet = new PanelSheet(Width, LegendWidth);
        var panel = Against(names, Title(results[0]), results, MonteCarlo, row => row.Log10Trace);
        sheet.Add(panel.Plot);
        sheet.Add(panel.Legend());
        Save(sheet, results, path, "figure-2a");
    }

    /// <summary>Figure 2b: variance and mean squared error against τ, of one model.</summary>
    public static void AgainstTemperature(VaeGradientResult result, string path)
    {
        var names = result.Settings.Estimators;
        using var sheet = new PanelSheet(Width, Width, LegendWidth);
        var trace = new CurvePanel([.. names.Select(name => $"{name}")], "Variance", "temperature τ", MonteCarlo);
        var error = new CurvePanel([.. names.Select(name => $"{name}")], "Mean squared error", "temperature τ", "log₁₀ MSE");
        foreach (var name in names)
        {
            var rows = result.Rows.Where(row => row.Estimator == name).OrderBy(row => row.Temperature).ToList();
            // REINFORCE knows no temperature: a level line.
            var flat = name.UsesScore;
            trace.Add($"{name}", Points(rows, row => row.Log10Trace));
            error.Add($"{name}", Points(rows, row => row.MeanSquaredError?.Log10));

            List<(double, Estimate?)> Points(List<VaeGradientMeasurement> measured, Func<VaeGradientMeasurement, Estimate?> value) =>
                [.. measured.SelectMany(row => (flat ? result.Settings.Temperatures : [row.Temperature]).Select(x => (x, value(row))))];
        }
        sheet.Add(trace.Plot);
        sheet.Add(error.Plot);
        sheet.Add(trace.Legend());
        Save(sheet, [result], path, "figure-2b");
    }

    /// <summary>Figure 3: one column an arity; above the Monte-Carlo variance of each estimator along training, below the
    /// variance over minibatches.</summary>
    /// <param name="columns">The studies of each arity.</param>
    /// <param name="path">Folder of the files.</param>
    public static void OfArities(IReadOnlyList<IReadOnlyList<VaeGradientResult>> columns, string path)
    {
        var names = columns.SelectMany(column => column[0].Settings.Estimators).Distinct().ToList();
        using var sheet = new PanelSheet([.. columns.Select(_ => Width), LegendWidth]);
        CurvePanel? panel = null;
        foreach (var column in columns) sheet.Add((panel = Against(names, Title(column[0]), column, MonteCarlo, row => row.Log10Trace)).Plot);
        sheet.Add(panel!.Legend());
        foreach (var column in columns)
            sheet.Add(Against(names, Title(column[0]), column, Minibatch, row => row.MinibatchTrace.Log10).Plot);
        Save(sheet, [.. columns.SelectMany(column => column)], path, "figure-3");
    }

    private static CurvePanel Against(IReadOnlyList<EstimatorName> names, string title, IReadOnlyList<VaeGradientResult> results, string label,
        Func<VaeGradientMeasurement, Estimate?> value)
    {
        var panel = new CurvePanel([.. names.Select(name => $"{name}")], title, Steps, label);
        foreach (var name in names)
        {
            panel.Add($"{name}", [.. from result in results
                                from row in result.Rows
                                where row.Estimator == name && row.Temperature == result.Settings.Temperatures[0]
                                select ((double)result.Step!, value(row))]);
        }
        return panel;
    }

    private static string Title(VaeGradientResult result) => Invariant($"{result.Arity}-ary, τ = {result.Settings.Temperatures[0]}");

    private static void Save(PanelSheet sheet, IEnumerable<VaeGradientResult> results, string path, string name)
    {
        AtomicFile.Write(Path.Combine(path, name + ".csv"), VaeGradientTable.Csv(results));
        sheet.Save(path, name, Height);
    }
}
