using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figures 2a, 2b and 3 from studies of the VAE's gradients: SVG, PNG and CSV.</summary>
internal static class VarianceFigure
{
    private const string Steps = "training step", MonteCarlo = "log₁₀ tr cov given minibatch", Minibatch = "log₁₀ tr cov over minibatches";

    /// <summary>Figure 2a: Monte-Carlo variance along the training of one model.</summary>
    public static void AlongTraining(IReadOnlyList<VaeGradientResult> results, string path)
    {
        var names = results[0].Settings.Estimators;
        using var sheet = PanelSheet.WithLegend(1);
        sheet.Add(Against(names, Title(results[0]), results, MonteCarlo, row => row.Log10Trace));
        sheet.Add(Legend(names));
        Save(sheet, results, path, "figure-2a");
    }

    /// <summary>Figure 2b: variance and mean squared error against τ, of one model.</summary>
    public static void AgainstTemperature(VaeGradientResult result, string path)
    {
        using var sheet = PanelSheet.WithLegend(2);
        sheet.Add(Panel("Variance", MonteCarlo, row => row.Log10Trace));
        sheet.Add(Panel("Mean squared error", "log₁₀ MSE", row => row.MeanSquaredError?.Log10));
        sheet.Add(Legend(result.Settings.Estimators));
        Save(sheet, [result], path, "figure-2b");

        ScottPlot.Plot Panel(string title, string label, Func<VaeGradientMeasurement, Estimate?> value)
        {
            var panel = new CurvePanel(title, "temperature τ", label);
            foreach (var name in result.Settings.Estimators)
            {
                // Without a temperature: a level line.
                panel.Add(CurveStyle.Of(name), from row in result.Rows
                                               where row.Estimator == name
                                               orderby row.Temperature
                                               from x in name.HasTemperature ? (double[])[row.Temperature] : result.Settings.Temperatures
                                               select (x, value(row)));
            }
            return panel.Plot;
        }
    }

    /// <summary>Figure 3: one column an arity; above the Monte-Carlo variance of each estimator along training, below the
    /// variance over minibatches.</summary>
    public static void OfArities(IReadOnlyList<IReadOnlyList<VaeGradientResult>> columns, string path)
    {
        var names = columns.SelectMany(column => column[0].Settings.Estimators).Distinct().ToList();
        using var sheet = PanelSheet.WithLegend(columns.Count);
        foreach (var column in columns) sheet.Add(Against(names, Title(column[0]), column, MonteCarlo, row => row.Log10Trace));
        sheet.Add(Legend(names));
        foreach (var column in columns) sheet.Add(Against(names, Title(column[0]), column, Minibatch, row => row.MinibatchTrace.Log10));
        Save(sheet, [.. columns.SelectMany(column => column)], path, "figure-3");
    }

    private static ScottPlot.Plot Against(IReadOnlyList<EstimatorName> names, string title, IReadOnlyList<VaeGradientResult> results, string label,
        Func<VaeGradientMeasurement, Estimate?> value)
    {
        var panel = new CurvePanel(title, Steps, label);
        foreach (var name in names)
        {
            panel.Add(CurveStyle.Of(name), from result in results
                                           from row in result.Rows
                                           where row.Estimator == name && row.Temperature == result.Settings.Temperatures[0]
                                           select ((double)result.Step!, value(row)));
        }
        return panel.Plot;
    }

    private static ScottPlot.Plot Legend(IEnumerable<EstimatorName> names) => CurvePanel.Legend(names.Select(name => CurveStyle.Of(name)));

    private static string Title(VaeGradientResult result) => Invariant($"{result.Arity}-ary, τ = {result.Settings.Temperatures[0]}");

    private static void Save(PanelSheet sheet, IEnumerable<VaeGradientResult> results, string path, string name)
    {
        AtomicFile.Write(Path.Combine(path, name + ".csv"), VaeGradientTable.Csv(results));
        sheet.Save(path, name);
    }
}
