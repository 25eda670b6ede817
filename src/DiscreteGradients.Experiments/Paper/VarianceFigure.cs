using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Figures 2a, 2b and 3 from studies of the VAE's gradients: SVG, PNG and CSV.</summary>
internal static class VarianceFigure
{
    private const string Steps = "training step", MonteCarlo = "tr cov given minibatch", Minibatch = "tr cov over minibatches";

    /// <summary>Figure 2a: Monte-Carlo variance along the training of one model.</summary>
    /// <param name="training">How the model was trained.</param>
    public static void AlongTraining(IReadOnlyList<VaeGradientResult> results, VaeSettings training, string path)
    {
        var names = results[0].Settings.Estimators;
        using var sheet = Sheet(1, names, training, results[0].Settings);
        sheet.Add(Against(names, Title(results[0]), results, MonteCarlo, row => row.Trace));
        sheet.Add(Legend(names));
        Save(sheet, results, path, "figure-2a");
    }

    /// <summary>Figure 2b: variance and mean squared error against τ, of one model.</summary>
    public static void AgainstTemperature(VaeGradientResult result, VaeSettings training, string path)
    {
        using var sheet = Sheet(2, result.Settings.Estimators, training, result.Settings);
        sheet.Add(Panel("Variance", MonteCarlo, row => row.Trace));
        sheet.Add(Panel("Mean squared error", "MSE", row => row.MeanSquaredError));
        sheet.Add(Legend(result.Settings.Estimators));
        Save(sheet, [result], path, "figure-2b");

        ScottPlot.Plot Panel(string title, string label, Func<VaeGradientMeasurement, Estimate?> value)
        {
            var panel = new CurvePanel(Invariant($"{title}, step {result.Step}"), "temperature τ", label);
            panel.LogarithmicX(result.Settings.Temperatures.Order());
            panel.LogarithmicY();
            foreach (var name in result.Settings.Estimators)
            {
                // Without a temperature: a level line.
                panel.Add(CurveStyle.Of(name), from row in result.Rows
                                               where row.Estimator == name
                                               orderby row.Temperature
                                               from x in name.HasTemperature
                                                   ? (double[])[row.Temperature]
                                                   : result.Settings.Temperatures
                                               select (x, value(row)));
            }
            return panel.Plot;
        }
    }

    /// <summary>Figure 3: one column an arity; above the Monte-Carlo variance of each estimator along training, below the
    /// variance over minibatches.</summary>
    public static void OfArities(IReadOnlyList<IReadOnlyList<VaeGradientResult>> columns, VaeSettings training, string path)
    {
        var names = columns.SelectMany(column => column[0].Settings.Estimators).Distinct().ToList();
        using var sheet = Sheet(columns.Count, names, training, columns[0][0].Settings);
        foreach (var column in columns) sheet.Add(Against(names, Title(column[0]), column, MonteCarlo, row => row.Trace));
        sheet.Add(Legend(names));
        foreach (var column in columns) sheet.Add(Against(names, Title(column[0]), column, Minibatch, row => row.MinibatchTrace));
        Save(sheet, [.. columns.SelectMany(column => column)], path, "figure-3");
    }

    private static ScottPlot.Plot Against(IReadOnlyList<EstimatorName> names, string title,
        IReadOnlyList<VaeGradientResult> results, string label, Func<VaeGradientMeasurement, Estimate?> value)
    {
        var panel = new CurvePanel(title, Steps, label);
        panel.LogarithmicY();
        foreach (var name in names)
        {
            panel.Add(CurveStyle.Of(name), from result in results
                                           from row in result.Rows
                                           where row.Estimator == name && row.Temperature == result.Settings.Temperatures[0]
                                           select ((double)result.Step!, value(row)));
        }
        return panel.Plot;
    }

    private static PanelSheet Sheet(int columns, IReadOnlyList<EstimatorName> names, VaeSettings training,
        VaeGradientSettings study)
    {
        return PanelSheet.WithLegend(columns, names.Select(name => CurveStyle.Of(name)),
        [
            Invariant($"Trained: {training.Estimator.PaperName}, τ = {training.Temperature}, batch size {training.BatchSize}, seed {training.Seed}."),
            Invariant($"Measured: the inference network's gradient, {study.Minibatches} minibatches, {study.Passes} passes each; bars: ± one standard error."),
        ]);
    }

    private static ScottPlot.Plot Legend(IEnumerable<EstimatorName> names) =>
        CurvePanel.Legend(names.Select(name => CurveStyle.Of(name)));

    private static string Title(VaeGradientResult result) =>
        Invariant($"{result.Arity}-ary, τ = {result.Settings.Temperatures[0]}");

    private static void Save(PanelSheet sheet, IEnumerable<VaeGradientResult> results, string path, string name)
    {
        AtomicFile.Write(Path.Combine(path, name + ".csv"), VaeGradientTable.Csv(results));
        sheet.Save(path, name);
    }
}
