using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>A table of text; every column but the first is aligned to the right.</summary>
internal sealed record BenchmarkTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>For a terminal.</summary>
    public string Plain()
    {
        var widths = Head.Select((title, column) => Rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        return string.Join('\n', Rows.Prepend(Head).Select(row =>
            string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))));
    }

    /// <summary>For a document.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        foreach (var row in Rows.Prepend([.. Head.Select((_, column) => column == 0 ? "---" : "---:")]).Prepend(Head))
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        return text.ToString();
    }

    /// <summary>A number with three significant digits and no exponent; "-" for none.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 or 0 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };

    /// <summary>The median and, if it is wide enough to show, the middle half.</summary>
    public static string Range(Quartiles? quartiles) =>
        quartiles is null ? "-" : $"{Number(quartiles.Median)} ({Number(quartiles.Low)}–{Number(quartiles.High)})";
}
