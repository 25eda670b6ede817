using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Table 1: accuracy on ListOps, mean and standard deviation over seeds, beside the paper's.</summary>
public static class ListOpsTable
{
    private const string Head = """
        Accuracy on the test set by argmax, percent, mean ± standard deviation over the seeds: with the weights of the epoch
        that was best on validation, and with those of the last epoch. "Fell" counts the seeds whose validation accuracy was
        at the end more than 5 points below its best, or which diverged. Padding: see `--masking` and `--batching`. The
        paper's column is its Table 1: 5 seeds at the best of ten learning rates.

        | L | estimator | τ | padding | lr | epochs | seeds | best epoch | last epoch | fell | diverged | bracket F1 | paper | data |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|

        """;

    private const double Fall = 0.05;
    private static readonly Lazy<Dictionary<(int MaxLength, string Estimator, double Temperature), double>> Paper = new(ReadPaper);

    /// <summary>The paper's figure in percent; null where it has none.</summary>
    public static double? PaperAccuracy(int maxLength, string estimator, double temperature) =>
        Paper.Value.TryGetValue((maxLength, estimator, temperature), out var accuracy) ? accuracy : null;

    /// <summary>A row for each setting, over the seeds, of the ListOps runs below a folder that have ended; empty text where
    /// there is none.</summary>
    public static string Markdown(string root)
    {
        var runs = Runs(root);
        var groups = runs.GroupBy(run => run.Settings with { Seed = 0 })
            .OrderBy(group => group.Key.MaxLength).ThenBy(group => group.Key.Masking).ThenBy(group => group.Key.Batching)
            .ThenBy(group => group.Key.Estimator, StringComparer.Ordinal).ThenBy(group => group.Key.Temperature).ThenBy(group => group.Key.LearningRate)
            .Select(group => Line(group.Key, [.. group]));
        return runs.Count == 0 ? "" : new StringBuilder(Head).AppendJoin("", groups).Append('\n').Append(Findings()).ToString();
    }

    private static List<Run> Runs(string root) =>
    [
        .. from file in Directory.EnumerateFiles(root, "settings.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let folder = Path.GetDirectoryName(file)!
           where ListOpsRun.Is(folder)
           let result = RunFolder.ReadJson<ListOpsTrainingResult>(folder, "result.json")
           where result is not null
           select new Run(RunFolder.ReadSettings<ListOpsSettings>(folder), result,
               ListOpsEvaluation.Read(folder, "test", Weights.Best), ListOpsEvaluation.Read(folder, "test", Weights.Last)),
    ];

    private static string Line(ListOpsSettings s, IReadOnlyList<Run> runs) => string.Create(CultureInfo.InvariantCulture,
        $"| {s.MaxLength} | {s.Estimator} | {s.Temperature} | {Padding(s)} | {s.LearningRate} | {s.Epochs} | {runs.Count} "
        + $"| {Spread(runs.Select(run => run.Best?.Accuracy))} | {Spread(runs.Where(run => !run.Result.HasDiverged).Select(run => run.Last?.Accuracy))} "
        + $"| {runs.Count(run => run.Fell)} | {runs.Count(run => run.Result.HasDiverged)} | {runs.Where(run => run.Best is not null).Select(run => run.Best!.BracketF1).DefaultIfEmpty(double.NaN).Average():F2} "
        + $"| {PaperAccuracy(s.MaxLength, s.Estimator, s.Temperature):F1} | {runs[0].Result.Data} |\n");

    private static string Padding(ListOpsSettings s) => $"{s.Masking}, {s.Batching}".ToLowerInvariant();

    private static string Spread(IEnumerable<double?> accuracies)
    {
        var percent = accuracies.OfType<double>().Select(accuracy => 100 * accuracy).ToList();
        if (percent.Count == 0) return "";
        var mean = percent.Average();
        var deviation = Math.Sqrt(percent.Sum(x => (x - mean) * (x - mean)) / Math.Max(percent.Count - 1, 1));
        return percent.Count == 1 ? FormattableString.Invariant($"{mean:F1}") : FormattableString.Invariant($"{mean:F1} ± {deviation:F1}");
    }

    private static string Findings() => Resource("listops-findings.md");

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ListOpsTable).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static Dictionary<(int, string, double), double> ReadPaper()
    {
        var lines = Resource("table1.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 3)
                select (Key: (int.Parse(line[0], CultureInfo.InvariantCulture), line[1], Number(lines[0][column])), Value: Number(line[column])))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed record Run(ListOpsSettings Settings, ListOpsTrainingResult Result, ListOpsEvaluation? Best, ListOpsEvaluation? Last)
    {
        public bool Fell => Result.HasDiverged || Result.BestAccuracy - Result.ValidationAccuracy > Fall;
    }
}
