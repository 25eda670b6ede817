using System.Diagnostics;
using System.Globalization;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;
using Spectre.Console;

namespace DiscreteGradients.Cli;

/// <summary>A search on standard error while it runs: a table that is drawn again on a terminal, a line now and then elsewhere.</summary>
internal sealed class SearchDisplay(SearchFolder search, bool quiet)
{
    private static readonly TimeSpan TableInterval = TimeSpan.FromSeconds(2), LineInterval = TimeSpan.FromSeconds(10);
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan? last;
    private int drawn;

    private bool IsTerminal => !Console.IsErrorRedirected && console.Profile.Capabilities.Interactive;

    public void Begin()
    {
        var departures = search.Task.Departures(search.Spec);
        Line($"{search.Path}: {search.Trials.Count} trials in {search.Spec.Cells().Count} cells");
        Line(departures.Count == 0 ? "the paper's protocol" : $"not the paper's protocol: {string.Join("; ", departures)}");
    }

    public void Refresh()
    {
        if (quiet || clock.Elapsed - last < (IsTerminal ? TableInterval : LineInterval)) return;
        last = clock.Elapsed;
        var summary = SearchSummary.Of(search);
        if (IsTerminal) Draw(summary);
        else Console.Error.WriteLine(Sentence(summary));
    }

    /// <summary>The last state, on standard output; the exit code, which is no success where every trial failed.</summary>
    public int End()
    {
        var summary = SearchSummary.Of(search);
        if (IsTerminal && !quiet) Draw(summary);
        Console.Out.WriteLine(Sentence(summary));
        var failed = summary.Cells.Sum(cell => cell.Failed) == summary.Trials;
        if (failed) Console.Error.WriteLine($"dgrad: every trial failed, as in: {Quote.Visible(summary.Failures.Values.First())}");
        return failed ? ExitCode.Failed : ExitCode.Success;
    }

    public void Line(string text)
    {
        if (quiet) return;
        Console.Error.WriteLine(Quote.Visible(text));
        drawn = 0;
    }

    /// <summary>As in "12 of 40 trials done, 2 running, 0:12:00 left".</summary>
    public static string Sentence(SearchSummary summary)
    {
        var (diverged, failed, pruned) = (summary.Cells.Sum(cell => cell.Diverged), summary.Cells.Sum(cell => cell.Failed), summary.Cells.Sum(cell => cell.Pruned));
        string?[] parts =
        [
            $"{summary.Ended} of {summary.Trials} trials done",
            diverged > 0 ? $"{diverged} diverged" : null,
            pruned > 0 ? $"{pruned} pruned" : null,
            failed > 0 ? $"{failed} failed" : null,
            $"{summary.Cells.Sum(cell => cell.Running)} running",
            $"{summary.Cells.Count(cell => cell.IsReported)} of {summary.Cells.Count} cells reported",
            summary.TimeLeft is { } left ? $"{left:d\\.hh\\:mm\\:ss} of training left" : null,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    public static Table Table(SearchSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple);
        string[] columns = ["cell", "trials", "completed", "diverged", "pruned", "failed", "running", $"best, {summary.Unit}", "tested"];
        foreach (var column in columns) table.AddColumn(new TableColumn(column) { Alignment = column == "cell" ? Justify.Left : Justify.Right });
        foreach (var cell in summary.Cells)
        {
            table.AddRow(Markup.Escape(Quote.Visible(cell.Cell)), Text(cell.Trials), Text(cell.Completed), Text(cell.Diverged), Text(cell.Pruned), Text(cell.Failed), Text(cell.Running),
                cell.Best?.ToString("F2", CultureInfo.InvariantCulture) ?? "", cell.IsReported ? "yes" : "");
        }
        return table;
        static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
    }

    // Over the last one; where it does not fit the window, the sentence alone.
    private void Draw(SearchSummary summary)
    {
        if (drawn > 0) console.Cursor.Move(CursorDirection.Up, drawn);
        var height = summary.Cells.Count + 4;
        if (height + 1 < console.Profile.Height)
        {
            console.Write(Table(summary));
            drawn = height;
        }
        else
        {
            drawn = 0;
        }
        console.WriteLine(Sentence(summary).PadRight(Math.Max(0, console.Profile.Width - 1)));
        drawn++;
    }
}
