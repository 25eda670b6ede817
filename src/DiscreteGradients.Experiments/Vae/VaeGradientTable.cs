using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Studies of the gradient of the inference network as plain text and as CSV.</summary>
internal static class VaeGradientTable
{
    /// <summary>One row an estimator and temperature, for reading.</summary>
    public static Table Rows(VaeGradientResult result) => Table.Of(
        result.Rows.OrderBy(row => row.Temperature),
        new("estimator", row => row.Estimator),
        new("tau", row => row.Estimator.HasTemperature ? row.Temperature : (double?)null),
        new("log10 trace", row => Estimate.Text(row.Log10Trace, "F3", "F3")),
        new("less than before", row => Estimate.Text(row.TraceDifference), IsDetail: true),
        new("log10 mb trace", row => row.Log10MinibatchTrace, "F3", IsDetail: true),
        new("squared bias", row => Estimate.Text(row.SquaredBias)),
        new("MSE", row => Estimate.Text(row.MeanSquaredError)),
        new("log10 MSE", row => row.Log10MeanSquaredError, "F3", IsDetail: true),
        new("scale-free", row => Estimate.Text(row.ScaleFreeError)));

    public static string Text(VaeGradientResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{result.Arity}-ary, step {result.Step}, batch size {result.Settings.BatchSize}, {result.Settings.Minibatches} minibatches, {result.Settings.Passes} passes");
        text.AppendLine(Rows(result).Plain());
        text.AppendLine(
            "± one standard error. trace: of the covariance of the inference network's gradient given the minibatch; "
            + "less than before: trace of the");
        text.AppendLine(
            "estimator above less this one's, minibatch by minibatch; mb trace: of the covariance over minibatches; "
            + "scale-free: the least relative\nsquared error over all factors of the gradient.");
        if (result.ReferenceSquaredNorm is { } norm)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"reference {JsonText.Word(result.Settings.Reference)}, {result.Settings.ReferencePasses} passes: squared norm of the gradient {Estimate.Text(norm)}");
        foreach (var line in result.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"Proposition 3 at temperature {line.Temperature}: E var[ST-GS | D] = {Estimate.Text(line.Conditional)}, var[GR] = {Estimate.Text(line.Residual)}");
            if (line.Points.Count < 3) continue;
            foreach (var point in line.Points)
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"  K = {(point.Samples == int.MaxValue ? "∞" : point.Samples)}: measured {point.Trace:G5}, line {point.Line:G5}, difference {Estimate.Text(point.Difference, "G2")}");
        }
        foreach (var suggestion in result.Suggestions ?? []) text.AppendLine($"{suggestion}");
        if (result.Suggestions is { Count: > 0 }) text.AppendLine(SuggestedTemperature.Warning);
        return text.ToString().TrimEnd();
    }

    /// <summary>Rows of several studies, for other programs.</summary>
    public static string Csv(IEnumerable<VaeGradientResult> results) => Table.Of(
        results.SelectMany(result => result.Rows, (result, row) => (result.Arity, result.Step, Row: row)),
        [
            new("arity", row => row.Arity),
            new("step", row => row.Step),
            new("estimator", row => row.Row.Estimator),
            new("temperature", row => row.Row.Temperature),
            .. Pair("log10-trace", row => row.Log10Trace),
            .. Pair("trace", row => row.Trace),
            .. Pair("minibatch-trace", row => row.MinibatchTrace),
            .. Pair("squared-bias", row => row.SquaredBias),
            .. Pair("mse", row => row.MeanSquaredError),
            .. Pair("scale-free-error", row => row.ScaleFreeError),
        ]).Csv();

    private static IEnumerable<Column<(int Arity, int? Step, VaeGradientMeasurement Row)>> Pair(string name,
        Func<VaeGradientMeasurement, Estimate?> value) =>
        [new(name, row => value(row.Row)?.Value, "G7"), new($"{name}-error", row => value(row.Row)?.Error, "G3")];
}
