using System.Text;
using DiscreteGradients.Experiments.Presentation;
using Spectre.Console;

namespace DiscreteGradients.Cli;

/// <summary>Lines at the foot of a terminal that are drawn again and again. None is ever wider or higher than the
/// window.</summary>
/// <param name="to">The terminal.</param>
/// <param name="size">The window as it is now.</param>
internal sealed class LiveFrame(TextWriter to, Func<(int Width, int Height)> size)
{
    private const string EraseAll = "\e[H\e[2J", EraseBelow = "\e[J";
    private readonly Lock writing = new();
    private IReadOnlyList<string> shown = [];
    private int widest;

    /// <summary>Gives the frame of a stream; null where it is no terminal that can be drawn on.</summary>
    public static LiveFrame? Of(TextWriter stream, bool isRedirected)
    {
        if (isRedirected) return null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(stream) });
        var capabilities = console.Profile.Capabilities;
        return capabilities is { Interactive: true, Ansi: true }
            ? new(stream, () => (console.Profile.Width, console.Profile.Height)) : null;
    }

    /// <summary>The columns and lines that a frame may have: one less than the window, as a terminal goes on to the next line
    /// behind the last.</summary>
    public (int Width, int Height) Room =>
        size() is var (width, height) ? (Math.Max(1, width - 1), Math.Max(1, height - 1)) : default;

    /// <summary>Draws in the place of the last frame.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        lock (writing) Write("", lines);
    }

    /// <summary>Writes a line that stays, above the frame; on several lines, broken between words, where it is too
    /// wide.</summary>
    public void Above(string text)
    {
        lock (writing) Write(string.Concat(Cells.Wrap(text.Split(' '), " ", Room.Width).Select(line => line + "\n")), shown);
    }

    /// <summary>Leaves the frame where it is: what is drawn next comes below it, and below what others have written
    /// since.</summary>
    public void Leave()
    {
        lock (writing) shown = [];
    }

    private void Write(string above, IReadOnlyList<string> lines)
    {
        var (width, height) = Room;
        var text = new StringBuilder();
        // In a window that has become too small for it the old frame may lie anywhere.
        var isAstray = widest > width || shown.Count > height;
        if (shown.Count > 0)
            text.Append(isAstray ? EraseAll : FormattableString.Invariant($"\e[{shown.Count}A{EraseBelow}"));
        text.Append(above);
        shown = [.. lines.Take(height).Select(line => Cells.Cut(line, width))];
        foreach (var line in shown) text.Append(line).Append('\n');
        widest = shown.Select(Cells.Width).DefaultIfEmpty().Max();
        to.Write(text.ToString());
        to.Flush();
    }
}

/// <summary>The time that work takes.</summary>
internal static class Duration
{
    /// <summary>Gives the two largest units, as in "2 min 39 s".</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => FormattableString.Invariant($"{time.TotalSeconds:F0} s"),
        { TotalHours: < 1 } => FormattableString.Invariant($"{time.Minutes} min {time.Seconds} s"),
        { TotalDays: < 1 } => FormattableString.Invariant($"{time.Hours} h {time.Minutes} min"),
        _ => FormattableString.Invariant($"{time.Days} d {time.Hours} h"),
    };
}
