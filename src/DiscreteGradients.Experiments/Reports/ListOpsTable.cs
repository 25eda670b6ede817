using System.Globalization;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Table 1: accuracy on ListOps, mean and standard deviation over seeds, beside the paper's.</summary>
public static class ListOpsTable
{
    private static readonly string[] Notes =
    [
        "Accuracy on the test set by argmax, percent, mean ± standard deviation over the seeds: with the weights of the epoch that was best on validation, and with those of the last epoch. \"Fell\" counts the seeds whose validation accuracy was at the end more than 5 points below its best, or which diverged.",
        "The learning rate is the one of best mean validation accuracy among those run, as in the paper, which ran ten with 5 seeds each. Padding: see the settings masking and batching.",
    ];

    private static readonly string[] Columns = ["L", "estimator", "τ", "padding", "learning rate", "epochs", "seeds", "best epoch", "last epoch", "fell", "diverged", "bracket F1"];
    private static readonly string[] PaperColumns = ["paper", "best epoch − paper", "learning rates run", "data"];

    private const double Fall = 0.05;
    private static readonly Lazy<Dictionary<(int MaxLength, EstimatorName Estimator, double Temperature), double>> Paper = new(ReadPaper);

    /// <summary>The paper's figure in percent; null where it has none.</summary>
    public static double? PaperAccuracy(int maxLength, EstimatorName estimator, double temperature) =>
        Paper.Value.TryGetValue((maxLength, estimator, temperature), out var accuracy) ? accuracy : null;

    /// <summary>Table 1 over the ListOps runs below a folder that have ended: a row for each cell of the paper or of the
    /// runs, at its best learning rate; a cell that was not run says so.</summary>
    public static ReportTable Make(string root)
    {
        var cells = Cells(Groups(root));
        var missing = Paper.Value.Keys.Where(key => !cells.Any(cell => Key(cell.Best.Settings) == key));
        IEnumerable<(ListOpsSettings Settings, string[] Row)> rows =
        [
            .. cells.Select(cell => (cell.Best.Settings, SelectedRow(cell))),
            .. missing.Select(key => (new ListOpsSettings { MaxLength = key.MaxLength, Estimator = key.Estimator, Temperature = key.Temperature }, NotRun(key))),
        ];
        return new("Table 1", Notes, [.. Columns, .. PaperColumns], [.. Sorted(rows, row => row.Settings).Select(row => row.Row)]);
    }

    /// <summary>Table 1 of the cells that were run, every learning rate, and what we found; empty text without a run.</summary>
    public static string Markdown(string root)
    {
        var groups = Groups(root);
        if (groups.Count == 0) return "";
        var selected = new ReportTable("", Notes, [.. Columns, .. PaperColumns], [.. Sorted(Cells(groups), cell => cell.Best.Settings).Select(SelectedRow)]);
        var every = new ReportTable("", ["Every learning rate:"], Columns, [.. Sorted(groups, group => group.Settings).Select(Row)]);
        var versions = groups.SelectMany(group => group.Runs).Select(run => run.Result.Version).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return $"{selected.Body()}\n{every.Body()}\nA run, from its folder in `results/listops/`: `dgrad train listops --settings FOLDER/settings.json --out RUN`, `dgrad evaluate RUN` and\n`dgrad evaluate RUN --weights last`. Programs: {MarkdownText.Of(string.Join(", ", versions))}.\n\n{Resource("listops-findings.md")}";
    }

    // The runs that differ in nothing but their seed.
    private static List<Group> Groups(string root) =>
        [.. Runs(root).GroupBy(run => run.Settings with { Seed = 0 }).Select(group => new Group(group.Key, [.. group]))];

    // The groups that differ in nothing but the learning rate, and the best of them on validation.
    private static List<(Group Best, int LearningRates)> Cells(List<Group> groups) =>
    [
        .. groups.GroupBy(group => group.Settings with { LearningRate = 0 })
            .Select(cell => (cell.MaxBy(group => group.Runs.Average(run => run.Result.BestAccuracy ?? 0))!, cell.Count())),
    ];

    private static IEnumerable<T> Sorted<T>(IEnumerable<T> rows, Func<T, ListOpsSettings> settings) =>
        from row in rows
        let s = settings(row)
        orderby s.MaxLength, s.Masking, s.Batching, s.Estimator.Family, s.Estimator.Samples, s.Temperature, s.LearningRate
        select row;

    private static List<Run> Runs(string root) =>
    [
        .. from file in Directory.EnumerateFiles(root, "settings.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let folder = Path.GetDirectoryName(file)!
           where ListOpsRun.Is(folder)
           let result = JsonFile.Read<ListOpsTrainingResult>(Path.Combine(folder, "result.json"))
           where result is not null
           select new Run(RunFolder.ReadSettings<ListOpsSettings>(folder), result,
               ListOpsEvaluation.Read(folder, Split.Test, Weights.Best), ListOpsEvaluation.Read(folder, Split.Test, Weights.Last)),
    ];

    private static string[] Row(Group group)
    {
        var (s, runs) = (group.Settings, group.Runs);
        return
        [
            .. Head(Key(s)), Padding(s), Number(s.LearningRate), Number(s.Epochs), Number(runs.Count),
            Spread(runs.Select(run => run.Best?.Accuracy)), Spread(runs.Where(run => !run.Result.HasDiverged).Select(run => run.Last?.Accuracy)),
            Number(runs.Count(run => run.Fell)), Number(runs.Count(run => run.Result.HasDiverged)),
            runs.Select(run => run.Best?.BracketF1).Average() is { } f1 ? f1.ToString("F2", CultureInfo.InvariantCulture) : "",
        ];
    }

    private static string[] SelectedRow((Group Best, int LearningRates) cell)
    {
        var s = cell.Best.Settings;
        var paper = PaperAccuracy(s.MaxLength, s.Estimator, s.Temperature);
        var difference = (100 * cell.Best.Runs.Select(run => run.Best?.Accuracy).Average()) - paper;
        return [.. Row(cell.Best), Percent(paper), difference?.ToString("+0.0;−0.0", CultureInfo.InvariantCulture) ?? "", Number(cell.LearningRates), cell.Best.Runs[0].Result.Data];
    }

    private static string[] NotRun((int MaxLength, EstimatorName Estimator, double Temperature) key) =>
        [.. Head(key), "", "", "", "0", "not run", "not run", .. Enumerable.Repeat("", Columns.Length - 9), Percent(Paper.Value[key]), "", "0", ""];

    private static string[] Head((int MaxLength, EstimatorName Estimator, double Temperature) key) => [Number(key.MaxLength), $"{key.Estimator}", Number(key.Temperature)];

    private static (int MaxLength, EstimatorName Estimator, double Temperature) Key(ListOpsSettings s) => (s.MaxLength, s.Estimator, s.Temperature);

    private static string Padding(ListOpsSettings s) => $"{JsonText.Word(s.Masking)}, {JsonText.Word(s.Batching)}";

    private static string Spread(IEnumerable<double?> accuracies)
    {
        var percent = accuracies.OfType<double>().Select(accuracy => 100 * accuracy).ToList();
        if (percent.Count == 0) return "";
        var mean = percent.Average();
        var deviation = Math.Sqrt(percent.Sum(x => (x - mean) * (x - mean)) / Math.Max(percent.Count - 1, 1));
        return percent.Count == 1 ? Invariant($"{mean:F1}") : Invariant($"{mean:F1} ± {deviation:F1}");
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ListOpsTable).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static Dictionary<(int, EstimatorName, double), double> ReadPaper()
    {
        var lines = Resource("table1.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 3)
                select (Key: (int.Parse(line[0], CultureInfo.InvariantCulture), EstimatorName.Parse(line[1]), Number(lines[0][column])), Value: Number(line[column])))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed record Group(ListOpsSettings Settings, IReadOnlyList<Run> Runs);

    private sealed record Run(ListOpsSettings Settings, ListOpsTrainingResult Result, ListOpsEvaluation? Best, ListOpsEvaluation? Last)
    {
        public bool Fell => Result.HasDiverged || Result.BestAccuracy - Result.ValidationAccuracy > Fall;
    }
}
