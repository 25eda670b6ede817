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
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Estimator,-14}{row.Temperature,6}{$"{row.Log10Trace:F3} ± {row.Log10TraceError:F3}",18}{Value(row.TraceDifference, row.TraceDifferenceError),22}"
                + $"{row.Log10MinibatchTrace,16:F3}{Value(row.SquaredBias, row.SquaredBiasError),22}{Value(row.MeanSquaredError, row.MeanSquaredErrorError),22}{row.Log10MeanSquaredError,11:F3}");
        }
        text.AppendLine("± one standard error. trace: of the covariance of the inference network's gradient given the minibatch; less than before: trace of the");
        text.AppendLine("estimator above less this one's, minibatch by minibatch; mb trace: of the covariance over minibatches.");
        if (result.ReferenceSquaredNorm is { } norm)
            text.AppendLine(CultureInfo.InvariantCulture, $"REINFORCE reference, {result.Settings.ReferencePasses} passes: squared norm of the gradient {norm:G4} ± {result.ReferenceSquaredNormError:G2}");
        foreach (var line in result.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Proposition 3 at temperature {line.Temperature}: E var[ST-GS | D] = {line.Conditional:G4} ± {line.ConditionalError:G2}, var[GR] = {line.Residual:G4} ± {line.ResidualError:G2}");
            if (line.Points.Count < 3) continue;
            foreach (var point in line.Points)
                text.AppendLine(CultureInfo.InvariantCulture, $"  K = {(point.Samples == int.MaxValue ? "∞" : point.Samples)}: measured {point.Trace:G5}, line {point.Line:G5}, difference {point.Difference:G2} ± {point.DifferenceError:G2}");
        }
        foreach (var suggestion in result.Suggestions ?? []) text.AppendLine($"{suggestion}");
        return text.ToString().TrimEnd();
    }

    /// <summary>Rows of several studies.</summary>
    public static string Csv(IEnumerable<VaeGradientResult> results)
    {
        var text = new StringBuilder("arity,step,estimator,temperature,log10-trace,log10-trace-error,trace,trace-error,minibatch-trace,minibatch-trace-error,squared-bias,squared-bias-error,mse,mse-error\n");
        foreach (var result in results)
        {
            foreach (var row in result.Rows)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{result.Arity},{result.Step},{row.Estimator},{row.Temperature},{row.Log10Trace:G7},{row.Log10TraceError:G3},{row.Trace:G7},{row.TraceError:G3},"
                    + $"{row.MinibatchTrace:G7},{row.MinibatchTraceError:G3},{row.SquaredBias:G7},{row.SquaredBiasError:G3},{row.MeanSquaredError:G7},{row.MeanSquaredErrorError:G3}");
            }
        }
        return text.ToString();
    }

    private static string Value(double? value, double? error) => value is { } number ? Invariant($"{number:G4} ± {error:G2}") : "-";
}
