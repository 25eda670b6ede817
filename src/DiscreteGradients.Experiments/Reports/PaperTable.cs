using System.Globalization;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Table 2 of the paper: test bounds in nats, the best of 20 random runs by validation.</summary>
internal static class PaperTable
{
    private static readonly Lazy<Dictionary<(string Estimator, int BatchSize, int Arity), double>> Bounds = new(Read);

    /// <summary>The paper's figure; null where it has none.</summary>
    public static double? Bound(string estimator, int batchSize, int arity) =>
        Bounds.Value.TryGetValue((estimator, batchSize, arity), out var bound) ? bound : null;

    private static Dictionary<(string, int, int), double> Read()
    {
        using var stream = typeof(PaperTable).Assembly.GetManifestResourceStream("table2.csv")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 4)
                select (Key: (line[0], Whole(line[1]), Whole(lines[0][column])), Value: double.Parse(line[column], CultureInfo.InvariantCulture)))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
