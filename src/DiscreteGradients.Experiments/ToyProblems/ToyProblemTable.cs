using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>A study of a toy problem as plain text.</summary>
internal static class ToyProblemTable
{
    private const int MostElements = 8;

    /// <summary>One row an estimator and temperature, then what is exact.</summary>
    public static string Text(ToyProblemResult result)
    {
        var table = Table.Of(
            result.Rows,
            new("estimator", row => row.Estimator),
            new("tau", row => row.Temperature),
            new("log10 trace", row => Estimate.Text(row.Log10Trace, "F3", "F3")),
            new("difference", row => Estimate.Text(row.Log10TraceDifference, "F3", "F3")),
            new("bias norm", row => Estimate.Text(row.BiasNorm)),
            new("MSE", row => Estimate.Text(row.MeanSquaredError)));
        var text = new StringBuilder(table.Plain()).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"± one standard error. difference: log10 trace of {result.Rows[0].Estimator} less that of the row. Gradients to the logits, {(result.Direct ? "in all" : "by way of the sample alone")}.");
        if (result.Singular) text.AppendLine("The cost is infinite at this point, so that only the limits of the differences exist.");
        text.AppendLine(CultureInfo.InvariantCulture, $"objective {result.Objective:G9}");
        if (result.ExactTotal.Count <= MostElements)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"exact gradient by way of the sample: {(result.ExactByValue is { } exact ? Vector(exact) : "infinite")}");
            text.AppendLine(CultureInfo.InvariantCulture, $"exact gradient in all:               {Vector(result.ExactTotal)}");
            foreach (var row in result.Rows.Where(row => row.Mean is not null))
                text.AppendLine(CultureInfo.InvariantCulture, $"mean of {row.Estimator} at {row.Temperature}: {Vector(row.Mean!)}");
        }
        foreach (var suggestion in result.Suggestions ?? []) text.AppendLine($"{suggestion}");
        return text.ToString().TrimEnd();
    }

    private static string Vector(IReadOnlyList<double> values) => "[" + string.Join(", ", values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))) + "]";
}
