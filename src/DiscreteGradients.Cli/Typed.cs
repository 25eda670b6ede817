using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>Commands and paths as a reader would type them.</summary>
internal static class Typed
{
    /// <summary>Gives a path from the current folder if it is below it.</summary>
    public static string Path(string path)
    {
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path);
        return Quote.Word(relative.StartsWith("..", StringComparison.Ordinal) ? path : relative);
    }

    /// <summary>Tells whether an option was given, and not left at its default.</summary>
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Writes the command down in a folder that it works on.</summary>
    public static void Record(ParseResult parsed, string folder) =>
        CommandRecord.Append(folder, string.Join(' ', parsed.Tokens.Select(token => Quote.Word(token.Value)).Prepend("dgrad")));
}
