using System.Diagnostics;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Cli;

/// <summary>Progress on standard error: bars on a terminal, a plain line every few seconds elsewhere, nothing if quiet.</summary>
internal sealed class ProgressDisplay(bool quiet)
{
    private const int WidestBar = 30, NarrowestBar = 6;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5), FrameInterval = TimeSpan.FromSeconds(0.2);
    private readonly LiveFrame? frame = LiveFrame.Of(Console.Error, Console.IsErrorRedirected);

    /// <summary>Takes the progress of one task: done of all, and a few words.</summary>
    public delegate void Report(double done, double all, string text, bool asLine = false);

    /// <summary>Runs <paramref name="body"/> with a reporter for each name.</summary>
    public T Run<T>(IReadOnlyList<string> names, Func<IReadOnlyList<Report>, T> body)
    {
        if (quiet) return body([.. names.Select(_ => (Report)((_, _, _, _) => { }))]);
        if (frame is null) return body([.. names.Select(Plain)]);
        var tasks = names.Select(name => new ProgressTask(name)).ToList();
        var (drawing, clock) = (new Lock(), Stopwatch.StartNew());
        TimeSpan? last = null;
        try
        {
            return body([.. tasks.Select(Bar)]);
        }
        finally
        {
            Draw();
            frame.Leave();
        }

        Report Bar(ProgressTask task) => (done, all, text, asLine) =>
        {
            lock (drawing)
            {
                if (asLine) frame.Above($"{task.Name}: {text}");
                else task.Set(done, all, text);
                if (clock.Elapsed - last < FrameInterval) return;
                last = clock.Elapsed;
                Draw();
            }
        };

        void Draw() => frame.Draw(Lines(tasks, frame.Room.Width));
    }

    /// <summary>Runs <paramref name="body"/> with a reporter for each name; where it is stopped, a line says how it goes
    /// on.</summary>
    public T Run<T>(IReadOnlyList<string> names, Func<IReadOnlyList<Report>, T> body, Func<string> goesOn)
    {
        try
        {
            return Run(names, body);
        }
        catch (Exception e) when (Failure.Of(e).Code == ExitCode.Interrupted)
        {
            Line(goesOn());
            throw;
        }
    }

    public void Line(string text)
    {
        if (quiet) return;
        if (frame is null) Console.Error.WriteLine(text);
        else frame.Above(text);
    }

    /// <summary>Gives a line of a terminal for each task. The bars take the room that the words leave.</summary>
    internal static IReadOnlyList<string> Lines(IReadOnlyList<ProgressTask> tasks, int width)
    {
        var name = tasks.Max(task => Cells.Width(task.Name));
        var bar = Math.Min(width - name - tasks.Max(task => Cells.Width(task.Words)) - 2, WidestBar);
        return [.. tasks.Select(task => Cells.Cut(
            $"{Cells.Pad(task.Name, name)}{(bar >= NarrowestBar ? $" {Cells.Bar(task.Part, bar)}" : "")} {task.Words}", width))];
    }

    private static Report Plain(string name)
    {
        var (task, clock) = (new ProgressTask(name), Stopwatch.StartNew());
        TimeSpan? last = null;
        return (done, all, text, asLine) =>
        {
            if (asLine)
            {
                Console.Error.WriteLine($"{name}: {text}");
                return;
            }
            task.Set(done, all, text);
            if (done < all && clock.Elapsed - last < LineInterval) return;
            last = clock.Elapsed;
            Console.Error.WriteLine(task.Sentence);
        };
    }
}

/// <summary>The progress of one task.</summary>
internal sealed class ProgressTask(string name)
{
    private readonly Stopwatch clock = new();
    private double? first;
    private string text = "";
    private TimeSpan? left;

    public string Name => name;

    /// <summary>The part that is done, 0 to 1.</summary>
    public double Part { get; private set; }

    /// <summary>The progress without the name, as in " 40 %  loss 123.4, 2 min 3 s left".</summary>
    public string Words => FormattableString.Invariant($"{Part,4:P0}  {text}")
        + (left is { TotalSeconds: >= 0.5 } time ? $", {Duration.Text(time)} left" : "");

    /// <summary>The progress after the name, as in "st-gs: 40 % loss 123.4, 2 min 3 s left".</summary>
    public string Sentence =>
        FormattableString.Invariant($"{name}: {Part:P0} {text}{(left is { } time ? $", {Duration.Text(time)} left" : "")}");

    /// <summary>Takes what is done of all.</summary>
    public void Set(double done, double all, string words)
    {
        // What an earlier run did, or what was done before the first report, tells nothing of the pace.
        if (first is null) clock.Start();
        first ??= done;
        (Part, text) = (done / all, words);
        left = done > first ? TimeSpan.FromSeconds(
            Math.Min(clock.Elapsed.TotalSeconds * (all - done) / (done - first.Value), 1e9)) : null;
    }
}
