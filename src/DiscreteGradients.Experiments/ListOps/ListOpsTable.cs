using System.Globalization;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Table 1: accuracy on ListOps, mean and standard deviation over seeds, beside the paper's.</summary>
internal static class ListOpsTable
{
    /// <summary>The file of a folder of records that says what is seen in its runs, in Markdown.</summary>
    public const string FindingsName = "listops-findings.md";

    private const double Fall = 0.05;

    private static readonly string[] Caption =
    [
        "Accuracy on the test set by argmax, percent, mean ± standard deviation over the seeds: with the weights of the epoch that was best on "
            + "validation, and with those of the last epoch. \"Fell\" counts the seeds whose validation accuracy was at the end more than 5 points "
            + "below its best, or which diverged.",
        "The learning rate is the one of best mean validation accuracy among those run, as in the paper, which ran ten with 5 seeds each. "
            + "Padding: see the settings masking and batching.",
    ];

    private static readonly Column<Row>[] Columns =
    [
        new("L", row => row.Settings.MaxLength), new("estimator", row => row.Settings.Estimator),
        new("τ", row => row.Settings.Temperature),
        new("padding", row => row.IsMissing
            ? null
            : $"{JsonText.Word(row.Settings.Masking)}, {JsonText.Word(row.Settings.Batching)}"),
        new("learning rate", row => row.IsMissing ? null : row.Settings.LearningRate, IsDetail: true),
        new("epochs", row => row.IsMissing ? null : row.Settings.Epochs, IsDetail: true), new("seeds", row => row.Runs.Count),
        new("best epoch", row => row.IsMissing ? "not run" : Cell(row.Runs.Select(run => run.Best?.Accuracy))),
        new("last epoch", row => row.IsMissing
            ? "not run"
            : Cell(row.Runs.Where(run => !run.Result.HasDiverged).Select(run => run.Last?.Accuracy))),
        new("fell", row => row.IsMissing ? null : row.Runs.Count(run => run.Fell), IsDetail: true),
        new("diverged", row => row.IsMissing ? null : row.Runs.Count(run => run.Result.HasDiverged), IsDetail: true),
        new("bracket F1", row => row.Runs.Select(run => run.Best?.BracketF1).Average(), "F2"),
    ];

    private static readonly Column<Row>[] ColumnsBesideThePaper =
    [
        .. Columns,
        new("paper", row => row.Paper, "F1"),
        new("best epoch − paper", row => row.IsTested
            ? 100 * row.Runs.Select(run => run.Best?.Accuracy).Average() - row.Paper
            : null, "+0.0;−0.0"),
        new("learning rates run", row => row.LearningRates, IsDetail: true),
        new("data", row => row.IsMissing ? null : row.Runs[0].Result.Data, IsDetail: true),
    ];

    private static readonly Lazy<Dictionary<(int MaxLength, EstimatorName Estimator, double Temperature), double>> Paper =
        new(ReadPaper);

    /// <summary>The paper's figure in percent; null where it has none.</summary>
    public static double? PaperAccuracy(int maxLength, EstimatorName estimator, double temperature) =>
        Paper.Value.TryGetValue((maxLength, estimator, temperature), out var accuracy) ? accuracy : null;

    /// <summary>Table 1 over the ListOps runs below a folder that have ended: a row for each cell of the paper or of the
    /// runs, at its best learning rate; a cell that was not run says so.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="onlyRun">Whether cells that were not run are left out.</param>
    public static Table Make(string root, bool onlyRun = false)
    {
        var cells = Cells(Groups(root));
        var missing = from key in Paper.Value.Keys
                      where !onlyRun && !cells.Any(
                          cell => (cell.Settings.MaxLength, cell.Settings.Estimator, cell.Settings.Temperature) == key)
                      select new Row(new()
                      {
                          MaxLength = key.MaxLength,
                          Estimator = key.Estimator,
                          Temperature = key.Temperature
                      }, []);
        return BesideThePaper(cells.Concat(missing)) with { Name = "Table 1" };
    }

    /// <summary>Table 1 of the cells that were run, every learning rate, and the folder's findings, if it has some; empty text
    /// without a run.</summary>
    /// <param name="root">The folder, as the user gives it.</param>
    /// <param name="wording">In which the commands are given.</param>
    public static string Markdown(string root, IWording wording)
    {
        var groups = Groups(root);
        if (groups.Count == 0) return "";
        var every = Table.Of(Sorted(groups), Columns) with { Caption = ["Every learning rate:"] };
        var versions = groups.SelectMany(group => group.Runs).Select(run => run.Result.Version).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var place = MarkdownText.Code(root);
        var train = wording.Of(
            new Instruction("train listops", new Setting("settings", "FOLDER/settings.json"), new Setting("out", "RUN")));
        return $"""
            {BesideThePaper(Cells(groups)).Markdown(Table.Rule.Bare)}
            {every.Markdown(Table.Rule.Bare)}
            A run, from its folder below `{place}/`: `{train}`, `{wording.Of(new Instruction("evaluate RUN"))}` and
            `{wording.Of(new Instruction("evaluate RUN", new Setting("weights", JsonText.Word(Weights.Last))))}`. Programs: {MarkdownText.Of(string.Join(", ", versions))}.
            {MarkdownText.OfFile(Path.Combine(root, FindingsName))}
            """;
    }

    /// <summary>Gives the outcome of the runs that differ in their learning rate and seed alone, of those with the padding masked
    /// rightly and expressions of one length together.</summary>
    public static IEnumerable<ListOpsOutcome> Outcomes(string root) =>
        from row in Sorted(Groups(root).Where(row => row.Settings is { Masking: Masking.Right, Batching: Batching.Buckets }))
        group row by row.Settings with { LearningRate = 0 } into cell
        let runs = cell.SelectMany(row => row.Runs).ToList()
        let accuracies = AtBestRate(cell).Runs.Select(run => run.Best?.Accuracy).ToList()
        select new ListOpsOutcome(cell.Key, runs.Count, runs.Count(run => run.Fell), Spread(accuracies),
            PaperAccuracy(cell.Key.MaxLength, cell.Key.Estimator, cell.Key.Temperature))
        {
            Data = runs[0].Result.Data,
            Part = Part(accuracies),
            LearningRates = [.. cell.Select(row => row.Settings.LearningRate).Distinct()],
        };

    private static Table BesideThePaper(IEnumerable<Row> rows) => Table.Of(Sorted(rows), ColumnsBesideThePaper) with
    {
        Caption = Caption,
    };

    // The runs that differ in nothing but their seed, wherever their data lay. The first ones recorded no checksum of their data:
    // they count as of those that the others found at that place.
    private static List<Row> Groups(string root)
    {
        var runs = Runs(root);
        var known = runs.Select(run => run.Settings).Where(settings => settings.DataChecksum is not null)
            .ToLookup(settings => settings.Data, settings => settings.DataChecksum!, StringComparer.Ordinal);
        return
        [
            .. runs.GroupBy(run => run.Settings with { Seed = 0, Data = DataOf(run.Settings), DataChecksum = null })
                .Select(group => new Row(group.Key, [.. group])),
        ];

        string DataOf(ListOpsSettings settings) => settings.DataChecksum
            ?? (known[settings.Data].Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : settings.Data);
    }

    // The groups that differ in nothing but the learning rate, and the best of them on validation.
    private static List<Row> Cells(List<Row> groups) =>
    [
        .. groups.GroupBy(group => group.Settings with { LearningRate = 0 })
            .Select(cell => AtBestRate(cell) with { LearningRates = cell.Count() }),
    ];

    private static Row AtBestRate(IEnumerable<Row> rates) =>
        rates.MaxBy(rate => rate.Runs.Average(run => run.Result.BestAccuracy ?? 0))!;

    private static IEnumerable<Row> Sorted(IEnumerable<Row> rows) =>
        from row in rows
        let s = row.Settings
        orderby s.MaxLength, s.Masking, s.Batching, s.Estimator.Family, s.Estimator.Samples, s.Temperature, s.LearningRate
        select row;

    private static List<Run> Runs(string root) =>
    [
        .. from folder in RecordFolders.With(root, "settings.json")
           where ListOpsRun.Is(folder)
           let result = JsonFile.Read<ListOpsTrainingResult>(Path.Combine(folder, "result.json"))
           where result is not null
           select new Run(RunFolder.ReadSettings<ListOpsSettings>(folder), result,
               ListOpsAccuracy.Read(folder, Split.Test, Weights.Best), ListOpsAccuracy.Read(folder, Split.Test, Weights.Last)),
    ];

    private static string Cell(IEnumerable<double?> accuracies)
    {
        var all = accuracies.ToList();
        return Part(all) is { Length: > 0 } part ? $"{Spread(all)} ({part})" : Spread(all);
    }

    // Of how many runs a mean is, where that is a part of them.
    private static string Part(List<double?> accuracies)
    {
        var count = accuracies.OfType<double>().Count();
        return count > 0 && count < accuracies.Count ? Invariant($"{count} of {accuracies.Count}") : "";
    }

    private static string Spread(List<double?> accuracies)
    {
        var percent = accuracies.OfType<double>().Select(accuracy => 100 * accuracy).ToList();
        if (percent.Count == 0) return "";
        var mean = percent.Average();
        var deviation = Math.Sqrt(percent.Sum(x => (x - mean) * (x - mean)) / Math.Max(percent.Count - 1, 1));
        return percent.Count == 1 ? Invariant($"{mean:F1}") : Invariant($"{mean:F1} ± {deviation:F1}");
    }

    private static Dictionary<(int, EstimatorName, double), double> ReadPaper()
    {
        var lines = EmbeddedText.Read("table1.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',')).ToList();
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 3)
                select (Key: (int.Parse(line[0], CultureInfo.InvariantCulture), EstimatorName.Parse(line[1]),
                    Number(lines[0][column])), Value: Number(line[column])))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Runs that differ in their seed alone; none for a cell of the paper that was not run.</summary>
    private sealed record Row(ListOpsSettings Settings, IReadOnlyList<Run> Runs)
    {
        /// <summary>Learning rates that were run, of which this is the best.</summary>
        public int LearningRates { get; init; }

        public bool IsMissing => Runs.Count == 0;

        // The paper's figure is a mean over all seeds. One that diverged and was not tested is missing in ours.
        public bool IsTested => Runs.All(run => run.Best is not null);

        public double? Paper => PaperAccuracy(Settings.MaxLength, Settings.Estimator, Settings.Temperature);
    }

    private sealed record Run(ListOpsSettings Settings, ListOpsTrainingResult Result, ListOpsAccuracy? Best,
        ListOpsAccuracy? Last)
    {
        public bool Fell => Result.HasDiverged || Result.BestAccuracy - Result.ValidationAccuracy > Fall;
    }
}

/// <summary>The outcome of runs that differ in their learning rate and seed alone.</summary>
/// <param name="Settings">The settings that they share.</param>
/// <param name="Fell">Runs whose validation accuracy was at the end more than 5 points below its best, or which diverged.</param>
/// <param name="Accuracy">Percent, the mean ± the standard deviation over the runs at the learning rate that is best on
/// validation, with the weights of the best epoch; empty where none was evaluated.</param>
/// <param name="Paper">Percent; null where the paper has no figure.</param>
internal sealed record ListOpsOutcome(ListOpsSettings Settings, int Runs, int Fell, string Accuracy, double? Paper)
{
    /// <summary>The name of the data.</summary>
    public required string Data { get; init; }

    /// <summary>The learning rates of the runs, ascending.</summary>
    public required IReadOnlyList<double> LearningRates { get; init; }

    /// <summary>Tells of how many of its runs the accuracy is, as in "1 of 5"; empty for all or none.</summary>
    public required string Part { get; init; }
}
