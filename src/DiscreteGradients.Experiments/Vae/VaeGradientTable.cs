using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Studies of the gradient of the inference network as plain text and as CSV.</summary>
public static class VaeGradientTable
{
    /// <summary>For people.</summary>
    public static string Text(VaeGradientResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Arity}-ary, step {result.Step}, batch size {result.Settings.BatchSize}, {result.Settings.Minibatches} minibatches, {result.Settings.Passes} passes");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"estimator",-14}{"tau",6}{"log10 trace",18}{"less than before",22}{"log10 mb trace",16}{"squared bias",22}{"MSE",22}{"log10 MSE",11}");
        foreach (var row in result.Rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Estimator,-14}{row.Temperature,6}{Estimate.Text(row.Log10Trace, "F3", "F3"),18}{Estimate.Text(row.TraceDifference),22}"
                + $"{row.Log10MinibatchTrace,16:F3}{Estimate.Text(row.SquaredBias),22}{Estimate.Text(row.MeanSquaredError),22}{row.Log10MeanSquaredError,11:F3}");
        }
        text.AppendLine("± one standard error. trace: of the covariance of the inference network's gradient given the minibatch; less than before: trace of the");
        text.AppendLine("estimator above less this one's, minibatch by minibatch; mb trace: of the covariance over minibatches.");
        if (result.ReferenceSquaredNorm is { } norm)
            text.AppendLine(CultureInfo.InvariantCulture, $"REINFORCE reference, {result.Settings.ReferencePasses} passes: squared norm of the gradient {Estimate.Text(norm)}");
        foreach (var line in result.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Proposition 3 at temperature {line.Temperature}: E var[ST-GS | D] = {Estimate.Text(line.Conditional)}, var[GR] = {Estimate.Text(line.Residual)}");
            if (line.Points.Count < 3) continue;
            foreach (var point in line.Points)
                text.AppendLine(CultureInfo.InvariantCulture, $"  K = {(point.Samples == int.MaxValue ? "∞" : point.Samples)}: measured {point.Trace:G5}, line {point.Line:G5}, difference {Estimate.Text(point.Difference, "G2")}");
        }
        foreach (var suggestion in result.Suggestions ?? []) text.AppendLine($"{suggestion}");
        return text.ToString().TrimEnd();
    }

    /// <summary>Rows of several studies.</summary>
    public static string Csv(IEnumerable<VaeGradientResult> results) =>
        "arity,step,estimator,temperature,log10-trace,log10-trace-error,trace,trace-error,minibatch-trace,minibatch-trace-error,squared-bias,squared-bias-error,mse,mse-error\n" + string.Concat(
            from result in results
            from row in result.Rows
            select Invariant($"{result.Arity},{result.Step},{row.Estimator},{row.Temperature},{Pair(row.Log10Trace)},{Pair(row.Trace)},")
                + Invariant($"{Pair(row.MinibatchTrace)},{Pair(row.SquaredBias)},{Pair(row.MeanSquaredError)}\n"));

    private static string Pair(Estimate? estimate) => Invariant($"{estimate?.Value:G7},{estimate?.Error:G3}");
}
