using System.CommandLine;
using System.Runtime.InteropServices;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>The message, of one line, and the exit code for what can go wrong.</summary>
internal sealed record Failure(string Message, int Code)
{
    private const int MostCharacters = 1000;

    public static Failure Of(Exception exception) => exception switch
    {
        InputException e => new(OneLine(e.Told(Wording.Dgrad)), ExitCode.BadInput),
        OperationCanceledException => new("stopped.", ExitCode.Interrupted),
        AggregateException { InnerExceptions.Count: > 0 } e => Of(e.InnerExceptions[0]),
        IOException or UnauthorizedAccessException => new(OneLine(exception.Message), ExitCode.Failed),
        ExternalException => new("libtorch: " + OneLine(exception.Message), ExitCode.Failed),
        OutOfMemoryException => new("out of memory.", ExitCode.Failed),
        _ => new(OneLine($"a bug: {exception.GetType().Name}: {exception.Message} Set DGRAD_TRACE=1 to see where."),
            ExitCode.Failed),
    };

    /// <summary>Tells what is wrong with a command line; null where nothing is. A word that nothing knows comes before what is
    /// missing because of it.</summary>
    public static Failure? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var unknown = parsed.UnmatchedTokens.OrderByDescending(IsOption).FirstOrDefault();
        var parts = parsed.CommandResult.Command.Subcommands.Where(part => !part.Hidden).Select(part => part.Name).ToList();
        var message = unknown is not null ? Unknown(parsed.CommandResult.Command, unknown)
            : parts.Count > 0 && parsed.Errors.Count == 1 ? $"Required command: {Words.Listed(parts)}."
            : parsed.Errors[0].Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);
        return new(OneLine($"{message} Try '{Path(parsed.CommandResult.Command)} --help'."), ExitCode.BadInput);
    }

    private static string Unknown(Command command, string word)
    {
        var isOption = IsOption(word);
        var name = isOption ? word.Split('=', ':')[0] : word;
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "word that is expected here";
        var meant = isOption ? Suggestion.Option(command, name) : Suggestion.Below(command, name);
        return $"{Quote.Of(name)} is no {kind}{(meant is null ? "." : $"; did you mean '{meant}'?")}";
    }

    private static bool IsOption(string word) => word.StartsWith('-');

    /// <summary>The command as it is called, as in "dgrad train vae".</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "dgrad";

    // Whatever is quoted in it, it is one line that can be read: beginning and end say what is wrong.
    private static string OneLine(string message)
    {
        var line = Quote.Visible(message.Split('\n')[0].TrimEnd());
        return line.Length <= MostCharacters ? line : $"{line[..(MostCharacters / 2)]}…{line[^(MostCharacters / 2)..]}";
    }
}

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;
}
