using System.Globalization;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The page of a search, which may still run.</summary>
internal static class SearchReport
{
    private const int MostDrawn = 3;   // columns that a table has room for

    /// <summary>Makes the page.</summary>
    public static string Page(SearchFolder search)
    {
        var (states, unit) = (SearchIndex.Load(search), search.Task.Unit);
        var report = new HtmlReport($"Search {Path.GetFileName(Path.TrimEndingDirectorySeparator(search.Path))}");
        report.Conclusions(Conclusions(search, states));
        var table = search.Task is VaeTrials ? SearchTable.Make(search, SearchTable.Of(search), onlyRun: true)
            : ListOpsTable.Make(Path.Combine(search.Path, "trials"), onlyRun: true);
        report.Heading("Cells").Table(table);
        if (search.Task is ListOpsTrials) report.Paragraph(SearchTable.Protocol(search));
        foreach (var paragraph in table.Caption) report.Paragraph(paragraph);
        if (search.Spec.Random.Count > 0) report.Heading("Settings that were drawn");
        foreach (var (name, law) in search.Spec.Random) report.Chart(Scatter(search, states, name, law));
        report.Heading("Trials").Table(Trials(search, states));
        var spec = search.Spec;
        return report.Origin(search.Path,
        [
            ("task", spec.Task), ("seed", Invariant($"{spec.Seed}")), ("trials a cell", Invariant($"{spec.Trials}")),
            .. Report.Facts(spec.Settings),
            ("data", string.Join(", ", spec.DataSets?.Values.Select(data => data.Path) ?? [])),
            .. search.Task is VaeTrials ? Bounds(spec.Evaluation) : [],
            ("program", string.Join(", ", states.Select(state => state.Record?.Version).OfType<string>()
                .Distinct(StringComparer.Ordinal))),
        ]).Page();

        static (string, string?)[] Bounds(SelectionProtocol bounds) =>
        [
            ("selection", Invariant($"M = {bounds.SelectionSamples}, {Examples(bounds.SelectionExamples)}")),
            ("report", Invariant($"M = {bounds.FinalSamples}, {Examples(bounds.FinalExamples)}")),
        ];

        static string Examples(int count) => count == 0 ? "all examples" : Invariant($"{count:N0} examples");
    }

    /// <summary>Says how far it is, what is best, and in how many cells one estimator is better than another.</summary>
    internal static IReadOnlyList<string> Conclusions(SearchFolder search, IReadOnlyList<TrialState> states)
    {
        var ended = states.Where(state => state.Record is not null).ToList();
        var counts = Enum.GetValues<RunStatus>().Select(
            status => (status, Count: ended.Count(state => state.Record!.Status == status))).Where(pair => pair.Count > 0);
        var counted = string.Join(", ", counts.Select(pair => Invariant($"{pair.Count:N0} {JsonText.Word(pair.status)}")));
        List<string> sentences =
            [Invariant($"{ended.Count:N0} of {states.Count:N0} trials have ended{(ended.Count > 0 ? ": " : "")}{counted}.")];
        if (Agenda.Best(states, state => state.Record, search.Task.HigherIsBetter) is { } best)
            sentences.Add(
                Invariant($"Best on validation: {Conclusion.Text(Of(best.Record!.Validation!))} ")
                + Invariant($"{search.Task.Unit}, {best.Trial.Cell.Name}, trial {best.Trial.Index}."));
        if (search.Task is VaeTrials) sentences.AddRange(Estimators(CellOutcome.Of(search, states)));
        return sentences;
    }

    private static IEnumerable<string> Estimators(IReadOnlyList<CellOutcome> cells)
    {
        var names = cells.Select(cell => cell.Place.Estimator).Distinct().ToList();
        foreach (var name in names.Skip(1))
        {
            var differences = (from cell in cells
                               where cell.Place.Estimator == name
                               let own = cell.Final?.Test
                               from reference in cells
                               where reference.Place == cell.Place with { Estimator = names[0] }
                                   && reference.Varied == cell.Varied
                               let other = reference.Final?.Test
                               where own is not null && other is not null
                                   && (other.Samples, other.Examples) == (own.Samples, own.Examples)
                               select (Difference: Of(own) - Of(other), other.Examples)).ToList();
            if (differences.Count == 1)
            {
                yield return Conclusion.Bound(name.PaperName, names[0].PaperName, differences[0].Difference,
                    Invariant($"{differences[0].Examples:N0} test images (unpaired)"));
            }
            else if (differences.Count > 1)
            {
                var told = differences.Where(pair => Conclusion.Differs(pair.Difference)).ToList();
                var better = told.Count(pair => pair.Difference.Value < 0);
                yield return Invariant($"The test bound of {name.PaperName} is better than that of {names[0].PaperName} in {better} cells, worse in {told.Count - better}, ")
                    + Invariant($"not distinguishable in {differences.Count - told.Count} (unpaired, one trial of each).");
            }
        }
    }

    private static Estimate Of(Score score) => new(score.Value, score.StandardError);

    private static HtmlChart Scatter(SearchFolder search, IReadOnlyList<TrialState> states, string setting, RandomParameter law)
    {
        var points = (from state in states
                      where state.Record?.Validation is not null && Number(state, setting) is not null
                      select (State: state, X: Number(state, setting)!.Value, Y: state.Record!.Validation!.Value)).ToList();
        // Other laws are even on a plain axis.
        var isWide = law.Choice is not null && points.Count > 0 && points.Min(point => point.X) > 0
            && points.Max(point => point.X) > 20 * points.Min(point => point.X);
        var chart = new HtmlChart(setting.Replace('-', ' '), setting.Replace('-', ' '), $"validation, {search.Task.Unit}",
            IsLogarithmicX: isWide);
        foreach (var group in points.GroupBy(point => $"{point.State.Trial.Settings["estimator"]}", StringComparer.Ordinal))
        {
            var name = group.Key.Length > 0 ? EstimatorName.Parse(group.Key) : null;
            chart.Add(name?.PaperName ?? "trials", name is null ? CurveStyle.Of("trials", 0) : CurveStyle.Of(name),
                group.Select(point => (point.X, new Estimate(point.Y, double.NaN))), isLine: false);
        }
        return chart;
    }

    private static double? Number(TrialState state, string setting) =>
        double.TryParse($"{state.Trial.Settings[setting]}", NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    private static Table Trials(SearchFolder search, IReadOnlyList<TrialState> states) => Table.Of(
        states.Where(state => state.Record is not null),
        [
            new("cell", state => state.Trial.Cell.Name),
            new("trial", state => state.Trial.Index),
            new("ended", state => JsonText.Word(state.Record!.Status), IsOfWords: true),
            new($"validation, {search.Task.Unit}", state => state.Record!.Validation?.Value, "F3"),
            new($"test, {search.Task.Unit}", state => state.Final?.Test.Value, "F3"),
            .. search.Spec.Random.Keys.Select(name => new Column<TrialState>(name, state => Number(state, name) is { } number
                ? (object)number
                : state.Trial.Settings[name], "G4", IsDetail: search.Spec.Random.Count > MostDrawn)),
            new("seed", state => state.Trial.Settings["seed"], IsDetail: true),
        ]);
}
