using System.Globalization;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>A search as lines of text that fit a window.</summary>
internal static class SearchScreen
{
    private const int WidestBar = 40, Gap = 2;

    /// <summary>Sums a search up in a line, as in "12 of 40 trials done, 2 running, 12 min 3 s left".</summary>
    public static string Sentence(SearchSummary summary) => string.Join(", ", Counts(summary).Concat(Left(summary)));

    /// <summary>Lays a search out: a bar of all work, the counts, the best so far, and as many cells as there is room for, those
    /// at work before others.</summary>
    public static IReadOnlyList<string> Lines(SearchSummary summary, int width, int height)
    {
        List<string> lines = [Overall(summary, width), .. Cells.Wrap(Counts(summary), ", ", width)];
        if (summary.Best is { } best) lines.Add(Invariant($"best {best.Best:F2} {summary.Unit}: {Quote.Visible(best.Cell)}"));
        lines.AddRange(Table(summary, width, height - lines.Count - 1));
        IEnumerable<string> more =
            [.. summary.Failures.Select(pair => $"failed: {pair.Key}: {pair.Value}"), .. summary.Workers.Select(AtWork)];
        return [.. lines.Concat(more.Select(line => Quote.Visible(line))).Take(height).Select(line => Cells.Cut(line, width))];
    }

    private static string Overall(SearchSummary summary, int width)
    {
        var text = string.Join(", ", Left(summary).Prepend(FormattableString.Invariant($"{summary.Part:P0}")));
        return $"{Cells.Bar(summary.Part, Math.Clamp(width - Cells.Width(text) - 1, 1, WidestBar))} {text}";
    }

    private static IEnumerable<string> Left(SearchSummary summary) =>
        summary.TimeLeft is { } left ? [$"{Duration.Text(left)} left"] : [];

    private static IEnumerable<string> Counts(SearchSummary summary)
    {
        yield return Invariant($"{summary.Ended} of {summary.Trials} trials done");
        (string Name, int Count)[] ends =
        [
            ("diverged", summary.Cells.Sum(cell => cell.Diverged)), ("pruned", summary.Cells.Sum(cell => cell.Pruned)),
            ("failed", summary.Cells.Sum(cell => cell.Failed)),
        ];
        foreach (var (name, count) in ends.Where(end => end.Count > 0)) yield return Invariant($"{count} {name}");
        yield return Invariant($"{summary.Cells.Sum(cell => cell.Running)} running");
        yield return Invariant($"{summary.Cells.Count(cell => cell.IsReported)} of {summary.Cells.Count} cells tested");
    }

    private static string AtWork(WorkerState worker)
    {
        var job = worker.Job is null ? "" : $" (job {worker.Job})";
        var doing = worker.Trial is null
            ? "between trials"
            : $"{worker.Trial}: " + (worker.Activity is not { } activity ? "begins" : worker.All > 1
            ? FormattableString.Invariant($"{JsonText.Word(activity)} {worker.Done:N0} of {worker.All:N0}")
            : FormattableString.Invariant($"{JsonText.Word(activity)} {worker.Done / Math.Max(worker.All, 1):P0}"));
        return $"{worker.Host}{job}: {doing}";
    }

    private static IEnumerable<string> Table(SearchSummary summary, int width, int height)
    {
        if (height < 2) return [];
        var cells = summary.Cells;
        var isWhole = cells.Count + 1 <= height;
        // Without room for all, what changes comes first.
        if (!isWhole) cells = [.. cells.OrderBy(cell => cell.Running > 0 ? 0 : cell.Ended < cell.Trials ? 1 : 2)];
        var shown = isWhole ? cells.Count : height - 2;
        var columns = Columns(summary).Where(column => !column.IsOptional || cells.Any(cell => column.Value(cell).Length > 0))
            .ToList();
        while (Width(columns) > width && columns.FindLastIndex(column => column.IsOptional) is >= 0 and var last)
            columns.RemoveAt(last);
        var widths = columns.ConvertAll(column => column.Width(cells));
        // The widest gives way first.
        while (widths.Sum() + Gap * (widths.Count - 1) > width && widths.Max() > 1) widths[widths.IndexOf(widths.Max())]--;
        IEnumerable<string> lines =
            [Line(column => column.Name), .. cells.Take(shown).Select(cell => Line(column => column.Value(cell)))];
        return (isWhole ? lines : lines.Append(Invariant($"… and {cells.Count - shown} cells more"))).Prepend("");

        int Width(List<Column> all) => all.Sum(column => column.Width(cells)) + Gap * (all.Count - 1);
        string Line(Func<Column, string> text) => string.Join(new string(' ', Gap), columns.Select((column, i) =>
            Cells.Pad(Cells.Cut(Quote.Visible(text(column)), widths[i]), widths[i], onTheLeft: column.IsNumber))).TrimEnd();
    }

    private static IEnumerable<Column> Columns(SearchSummary summary)
    {
        var settings = summary.Cells.SelectMany(cell => cell.Values.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal)
            .Where(key => summary.Cells.DistinctBy(cell => Setting(cell, key), StringComparer.Ordinal).Skip(1).Any()).ToList();
        IEnumerable<Column> names = settings.Count == 0
            ? [new("cell", cell => cell.Cell)]
            : settings.Select(key => new Column(key, cell => Setting(cell, key)));
        return names.Concat(
        [
            new("done", cell => Invariant($"{cell.Ended}/{cell.Trials}"), IsNumber: true),
            new($"best, {summary.Unit}", cell => cell.Best?.ToString("F2", CultureInfo.InvariantCulture) ?? "", IsNumber: true),
            Optional("running", cell => cell.Running),
            Optional("failed", cell => cell.Failed),
            Optional("diverged", cell => cell.Diverged),
            Optional("pruned", cell => cell.Pruned),
            new("tested", cell => cell.IsReported ? "yes" : "", IsNumber: true, IsOptional: true),
        ]);

        static Column Optional(string name, Func<CellSummary, int> count) =>
            new(name, cell => count(cell) is > 0 and var some ? Invariant($"{some}") : "", IsNumber: true, IsOptional: true);
        static string Setting(CellSummary cell, string key) => cell.Values[key]?.ToString() ?? "";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <param name="IsNumber">Whether it is aligned to the right.</param>
    /// <param name="IsOptional">Whether it is left out where it is empty, or where room is short.</param>
    private sealed record Column(string Name, Func<CellSummary, string> Value, bool IsNumber = false, bool IsOptional = false)
    {
        public int Width(IReadOnlyList<CellSummary> cells) =>
            cells.Select(cell => Cells.Width(Quote.Visible(Value(cell)))).Append(Cells.Width(Name)).Max();
    }
}
