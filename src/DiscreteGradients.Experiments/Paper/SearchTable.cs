using System.Globalization;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using PaperBound = DiscreteGradients.Experiments.Paper.PublishedBounds.PaperBound;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>Table 2 or 3 from the record of a search, ours beside the paper's.</summary>
internal static class SearchTable
{
    private const string NotRun = "not run";

    /// <summary>Makes a row of each cell of the paper or of the search; a cell that was not run says so.</summary>
    /// <param name="onlyRun">Whether cells that were not run are left out.</param>
    /// <param name="withHours">Whether the processor time of each cell stands in it.</param>
    /// <exception cref="InputException">The search is of another task.</exception>
    public static Table Make(SearchFolder search, int table, bool onlyRun = false, bool withHours = false)
    {
        VaeTrials.Require(search, Invariant($"Table {table}"));
        var paper = PublishedBounds.Of(table);
        var states = SearchIndex.Load(search);
        var ours = CellOutcome.Of(search, states);
        var rows = from key in paper.Keys.Union(ours.Select(cell => cell.Place))
                   from cell in ours.Where(cell => cell.Place == key).DefaultIfEmpty()
                   where !onlyRun || cell is { HasEndedTrial: true }
                   orderby key.BatchSize, key.Arity
                   select new Row(key.Estimator, key.BatchSize, key.Arity, cell, paper.GetValueOrDefault(key));
        Column<Row>[] columns =
        [
            .. Place, .. ours.Any(cell => cell.Varied.Length > 0) ? [Varied] : Array.Empty<Column<Row>>(), .. Columns,
            .. withHours ? [Hours] : Array.Empty<Column<Row>>(),
        ];
        return Table.Of(rows, columns) with
        {
            Name = Invariant($"Table {table}"),
            Caption = Caption(search, states),
        };
    }

    /// <summary>Tells which of Tables 2 and 3 has most of a search's cells.</summary>
    public static int Of(SearchFolder search)
    {
        var cells = search.Trials.Select(VaeTrials.CellOf).Distinct().ToList();
        return cells.Count(PublishedBounds.Of(2).ContainsKey) >= cells.Count(PublishedBounds.Of(3).ContainsKey) ? 2 : 3;
    }

    /// <summary>Says in a sentence whether a search follows the paper's protocol, and where it does not.</summary>
    public static string Protocol(SearchFolder search)
    {
        var phrase = search.Task.Protocol(search.Spec);
        return $"{char.ToUpperInvariant(phrase[0])}{phrase[1..]}.";
    }

    /// <summary>Adds up the core-hours of trials; null where one of them does not tell.</summary>
    public static double? CoreHours(IEnumerable<TrialState> trials) =>
        trials.Aggregate((double?)0, (sum, state) => sum + Seconds(state)) / 3600;

    // One that diverged before its first checkpoint, in its first seconds, has no times.
    private static double? Seconds(TrialState state) =>
        state.Cost?.Processor ?? (state.Record?.Status == RunStatus.Diverged ? 0 : null);

    // Not among the others: the rest of a table is the same to the bit whenever and wherever the search is run.
    private static readonly Column<Row> Hours = new("core-hours", row => row.Hours, "F2");

    // Where the grid varies more than a row's place.
    private static readonly Column<Row> Varied = new("grid", row => row.Cell?.Varied);

    private static readonly Column<Row>[] Place =
    [
        new("estimator", row => row.Estimator), new("arity", row => row.Arity), new("batch size", row => row.BatchSize),
    ];

    private static readonly Column<Row>[] Columns =
    [
        new("validation", row => row.IsMissing ? NotRun : (row.Final?.Validation ?? row.Best?.Validation)?.Value, "F2"),
        new("test", row => row.IsMissing ? NotRun : row.Final is { } final ? final.Test.Value : "not yet", "F2"),
        new("± s.e.", row => row.Final?.Test.StandardError, "F2"),
        new("paper validation", row => row.Paper?.Validation, "F1", IsDetail: true),
        new("paper test", row => row.Paper?.Test, "F1"),
        new("test − paper", row => row.AbovePaper, "+0.00;−0.00"),
        new("trials", row => row.IsMissing
            ? null
            : Invariant($"{row.Trials!.Count(state => state.Record is not null)} of {row.Trials!.Count}")),
        new("diverged", row => row.Count(RunStatus.Diverged), IsDetail: true),
        new("failed", row => row.Count(RunStatus.Failed), IsDetail: true),
        new("pruned", row => row.Count(RunStatus.Pruned), IsDetail: true),
        new("best trial", row => row.Cell?.Best?.Trial.Index, IsDetail: true),
        new("learning rate", row => row.Drawn("learning-rate"), IsDetail: true),
        new("momentum", row => row.Drawn("momentum"), IsDetail: true),
        new("weight decay", row => row.Drawn("weight-decay"), IsDetail: true),
        new("τ", row => row.Drawn("temperature"), IsDetail: true),
        new("seed", row => row.Best?.Settings["seed"], IsDetail: true),
    ];

    private static List<string> Caption(SearchFolder search, IReadOnlyList<TrialState> states)
    {
        var versions = states.Select(state => state.Record?.Version).OfType<string>().Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var data = search.Trials.Select(trial => trial.Settings["data"]?.ToString() ?? "mnist").Distinct(StringComparer.Ordinal);
        return
        [
            $"Bounds on the negative log-likelihood in {search.Task.Unit}, of the best of a cell's trials by the validation bound; "
                + "± one standard error over images.",
            Protocol(search),
            $"Data: {string.Join(", ", data)}. "
                + Invariant($"Seed of the search: {search.Spec.Seed}. ")
                + $"Program: {string.Join(", ", versions)}.",
        ];
    }

    private sealed record Row(EstimatorName Estimator, int BatchSize, int Arity, CellOutcome? Cell, PaperBound? Paper)
    {
        public bool IsMissing => Cell is null;

        public IReadOnlyList<TrialState>? Trials => Cell?.Trials;

        public TrialRecord? Best => Cell?.Best?.Record;

        public FinalRecord? Final => Cell?.Final;

        /// <summary>The nats by which the test bound is above the paper's; null on other data than the paper's.</summary>
        public double? AbovePaper => Cell is { IsOnThePapersData: true } ? Final?.Test.Value - Paper?.Test : null;

        public int? Count(RunStatus status) => Trials?.Count(state => state.Record?.Status == status);

        /// <summary>Processor time of the cell's trials; null where one of them does not tell.</summary>
        public double? Hours => Trials is { } trials ? CoreHours(trials) : null;

        /// <summary>A setting of the best trial, with four digits if it is a number.</summary>
        public string? Drawn(string name) => Best?.Settings[name]?.ToString() is not { } text ? null
            : double.TryParse(text, CultureInfo.InvariantCulture, out var number)
                ? number.ToString("G4", CultureInfo.InvariantCulture) : text;
    }
}

/// <summary>The bounds of Tables 2 and 3 of the paper: nats, the best of 20 random runs by validation.</summary>
internal static class PublishedBounds
{
    private static readonly Lazy<Dictionary<(EstimatorName Estimator, int BatchSize, int Arity), PaperBound>> Table2 =
        new(ReadTable2),
        Table3 = new(ReadTable3);

    /// <summary>The cells of Table 2 or 3, in the paper's order of batch sizes, arities and estimators.</summary>
    public static IReadOnlyDictionary<(EstimatorName Estimator, int BatchSize, int Arity), PaperBound> Of(int table) =>
        table == 2 ? Table2.Value : Table3.Value;

    /// <summary>Finds a cell in either table; both have the same figures where both have it.</summary>
    public static PaperBound? Find((EstimatorName Estimator, int BatchSize, int Arity) cell) =>
        Table3.Value.GetValueOrDefault(cell) ?? Table2.Value.GetValueOrDefault(cell);

    private static Dictionary<(EstimatorName, int, int), PaperBound> ReadTable2()
    {
        var lines = Lines("table2.csv");
        return (from line in lines.Skip(1)
                from column in Enumerable.Range(2, 4)
                select (Key: (EstimatorName.Parse(line[0]), Whole(line[1]), Whole(lines[0][column])),
                    Value: new PaperBound(null, Number(line[column]))))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    private static Dictionary<(EstimatorName, int, int), PaperBound> ReadTable3() => Lines("table3.csv").Skip(1)
        .ToDictionary(line => (EstimatorName.Parse(line[0]), Whole(line[1]), Whole(line[2])),
            line => new PaperBound(Number(line[3]), Number(line[4])));

    private static List<string[]> Lines(string name) =>
        [.. EmbeddedText.Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A cell of the paper, nats.</summary>
    /// <param name="Validation">Null where the paper does not give it.</param>
    internal sealed record PaperBound(double? Validation, double Test);
}
