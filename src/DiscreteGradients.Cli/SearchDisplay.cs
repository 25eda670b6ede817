using System.Diagnostics;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>A search while it runs: a screen that is drawn again on a terminal, a line now and then elsewhere.</summary>
internal sealed class SearchDisplay(SearchFolder search, bool quiet)
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromSeconds(1), LineInterval = TimeSpan.FromSeconds(10);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan? last;

    /// <summary>The writer that the search is shown on; standard error by default.</summary>
    public TextWriter To { get; init; } = Console.Error;

    /// <summary>The frame that it is drawn in; null where <see cref="To"/> is no terminal.</summary>
    public LiveFrame? Frame { get; init; } = LiveFrame.Of(Console.Error, Console.IsErrorRedirected);

    public void Begin()
    {
        Line($"{search.Path}: {search.Trials.Count} trials in {search.Spec.Cells().Count} cells");
        Line(search.Task.Protocol(search.Spec));
    }

    /// <summary>Shows how far it is, if the last time was a while ago.</summary>
    public void Refresh()
    {
        if (quiet || clock.Elapsed - last < (Frame is null ? LineInterval : FrameInterval)) return;
        last = clock.Elapsed;
        Show(SearchSummary.Of(search));
    }

    /// <summary>The last state, and what to do next; the exit code, which is no success where every trial failed.</summary>
    public int End()
    {
        var summary = SearchSummary.Of(search);
        if (Frame is not null && !quiet) Show(summary);
        Frame?.Leave();
        // On a terminal it stands there already.
        if (Frame is null || quiet || Console.IsOutputRedirected) Console.Out.WriteLine(SearchScreen.Sentence(summary));
        if (summary.Cells.Sum(cell => cell.Failed) == summary.Trials)
        {
            Console.Error.WriteLine($"dgrad: every trial failed, as in: {Quote.Visible(summary.Failures.Values.First())}");
            return ExitCode.Failed;
        }
        if (!quiet) To.WriteLine(Quote.Visible(
            $"next: dgrad table {(search.Task is VaeTrials ? SearchTable.Of(search) : 1)} {Typed.Path(search.Path)}"));
        return ExitCode.Success;
    }

    public void Line(string text)
    {
        if (quiet) return;
        if (Frame is null) To.WriteLine(Quote.Visible(text));
        else Frame.Above(Quote.Visible(text));
    }

    private void Show(SearchSummary summary)
    {
        if (Frame is null) To.WriteLine(SearchScreen.Sentence(summary));
        else Frame.Draw(SearchScreen.Lines(summary, Frame.Room.Width, Frame.Room.Height));
    }
}
