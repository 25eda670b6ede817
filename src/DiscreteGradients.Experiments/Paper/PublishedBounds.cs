using System.Globalization;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>The bounds of Tables 2 and 3 of the paper: nats, the best of 20 random runs by validation.</summary>
internal static class PublishedBounds
{
    private static readonly Lazy<Dictionary<(EstimatorName Estimator, int BatchSize, int Arity), PaperBound>> Table2 = new(ReadTable2),
        Table3 = new(ReadTable3);

    /// <summary>The cells of Table 2 or 3, in the paper's order of batch sizes, arities and estimators.</summary>
    public static IReadOnlyDictionary<(EstimatorName Estimator, int BatchSize, int Arity), PaperBound> Of(int table) =>
        table == 2 ? Table2.Value : Table3.Value;

    private static Dictionary<(EstimatorName, int, int), PaperBound> ReadTable2()
    {
        var lines = Lines("table2.csv");
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 4)
                select (Key: (EstimatorName.Parse(line[0]), Whole(line[1]), Whole(lines[0][column])), Value: new PaperBound(null, Number(line[column]))))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    private static Dictionary<(EstimatorName, int, int), PaperBound> ReadTable3() => Lines("table3.csv").Skip(1)
        .ToDictionary(line => (EstimatorName.Parse(line[0]), Whole(line[1]), Whole(line[2])), line => new PaperBound(Number(line[3]), Number(line[4])));

    private static List<string[]> Lines(string name) =>
        [.. EmbeddedText.Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A cell of the paper, nats.</summary>
    /// <param name="Validation">Null where the paper does not give it.</param>
    internal sealed record PaperBound(double? Validation, double Test);
}
