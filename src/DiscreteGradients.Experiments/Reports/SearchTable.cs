using System.Globalization;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using PaperBound = DiscreteGradients.Experiments.Reports.PaperTable.PaperBound;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Table 2 or 3 from the record of a search, ours beside the paper's.</summary>
public static class SearchTable
{
    /// <summary>What stands in a cell of the paper's that the search has not.</summary>
    internal const string NotRun = "not run";

    private static readonly string[] Columns =
    [
        "estimator", "arity", "batch size", "validation", "test", "± s.e.", "paper validation", "paper test", "test − paper",
        "trials", "diverged", "failed", "pruned", "best trial", "learning rate", "momentum", "weight decay", "τ", "seed",
    ];

    private static readonly string[] Drawn = ["learning-rate", "momentum", "weight-decay", "temperature", "seed"];

    /// <summary>One row a cell of the paper or of the search; a cell that was not run says so.</summary>
    /// <exception cref="InputException">The search is of another task.</exception>
    public static ReportTable Make(SearchFolder search, int table)
    {
        VaeTrials.Require(search, Invariant($"Table {table}"));
        var paper = PaperTable.Bounds(table);
        var states = SearchIndex.Load(search);
        var ours = CellOutcome.Of(search, states);
        var keys = paper.Keys.Concat(ours.Keys.Where(key => !paper.ContainsKey(key))).OrderBy(key => key.BatchSize).ThenBy(key => key.Arity);
        var rows = keys.Select(key => Row(key, ours.GetValueOrDefault(key), paper.GetValueOrDefault(key))).ToList();
        return new(Invariant($"Table {table}"), Notes(search, states), Columns, rows);
    }

    private static string[] Row((EstimatorName Estimator, int BatchSize, int Arity) key, CellOutcome? cell, PaperBound? paper)
    {
        string[] head = [$"{key.Estimator}", Text(key.Arity), Text(key.BatchSize)];
        if (cell is null) return [.. head, NotRun, NotRun, "", Number(paper?.Validation, "F1"), Number(paper?.Test, "F1"), .. Enumerable.Repeat("", Columns.Length - 8)];
        var (trials, best, final) = cell;
        return
        [
            .. head,
            Number((final?.Validation ?? best?.Record!.Validation)?.Value, "F2"),
            final is null ? "not yet" : Number(final.Test.Value, "F2"),
            Number(final?.Test.StandardError, "F2"),
            Number(paper?.Validation, "F1"),
            Number(paper?.Test, "F1"),
            Number(final?.Test.Value - paper?.Test, "+0.00;−0.00"),
            $"{Text(trials.Count(state => state.Record is not null))} of {Text(trials.Count)}",
            Text(Count(RunStatus.Diverged)),
            Text(Count(RunStatus.Failed)),
            Text(Count(RunStatus.Pruned)),
            best is null ? "" : Text(best.Trial.Index),
            .. Drawn.Select(name => Setting(best?.Record, name)),
        ];
        int Count(RunStatus status) => trials.Count(state => state.Record?.Status == status);
    }

    private static List<string> Notes(SearchFolder search, IReadOnlyList<TrialState> states)
    {
        var departures = search.Task.Departures(search.Spec);
        var versions = states.Select(state => state.Record?.Version).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            $"Bounds on the negative log-likelihood in {search.Task.Unit}, of the best of a cell's trials by the validation bound; ± one standard error over images.",
            departures.Count == 0 ? "The paper's protocol." : $"Not the paper's protocol: {string.Join("; ", departures)}.",
            $"Data: {search.Trials[0].Settings["data"]?.ToString() ?? "mnist"}. Seed of the search: {Text((long)search.Spec.Seed)}. Program: {string.Join(", ", versions)}.",
        ];
    }

    private static string Setting(TrialRecord? record, string name) =>
        record?.Settings[name] is not { } value ? "" : name == "seed" ? value.ToString() : double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number.ToString("G4", CultureInfo.InvariantCulture) : value.ToString();

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
