using System.Diagnostics;
using Spectre.Console;

namespace DiscreteGradients.Cli;

/// <summary>Progress on standard error: bars on a terminal, a plain line every few seconds elsewhere, nothing if quiet.</summary>
internal sealed class ProgressDisplay(bool quiet)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Takes the progress of one task: done of all, and a few words.</summary>
    public delegate void Report(double done, double all, string text, bool asLine = false);

    /// <summary>Runs <paramref name="body"/> with a reporter for each name.</summary>
    public T Run<T>(IReadOnlyList<string> names, Func<IReadOnlyList<Report>, T> body)
    {
        if (quiet) return body([.. names.Select(_ => (Report)((_, _, _, _) => { }))]);
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive) return body([.. names.Select(Plain)]);
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => body([.. names.Select(name => Bar(context.AddTask(Markup.Escape(name)), name))]));
    }

    public void Line(string text)
    {
        if (!quiet) Console.Error.WriteLine(text);
    }

    private Report Bar(ProgressTask task, string name) => (done, all, text, asLine) =>
    {
        if (asLine)
        {
            console.MarkupLineInterpolated($"{name}: {text}");
            return;
        }
        task.MaxValue = all;
        task.Value = done;
        task.Description = Markup.Escape($"{name} {text}");
    };

    private static Report Plain(string name)
    {
        var clock = new Stopwatch();
        TimeSpan? last = null;
        double first = 0;
        return (done, all, text, asLine) =>
        {
            if (asLine)
            {
                Console.Error.WriteLine($"{name}: {text}");
                return;
            }
            if (last is null)
            {
                first = done; // of an earlier run, or of work whose beginning was not seen
                clock.Start();
            }
            if (done < all && clock.Elapsed - last < LineInterval) return;
            last = clock.Elapsed;
            var left = done > first ? $", {TimeSpan.FromSeconds(clock.Elapsed.TotalSeconds * (all - done) / (done - first)):h\\:mm\\:ss} left" : "";
            Console.Error.WriteLine($"{name}: {done / all:P0} {text}{left}");
        };
    }
}
