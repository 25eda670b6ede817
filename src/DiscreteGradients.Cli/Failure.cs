using System.CommandLine;
using System.Runtime.InteropServices;
using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>One line and an exit code for what can go wrong without a bug of ours; null for the rest.</summary>
internal sealed record Failure(string Message, int Code)
{
    public static Failure? Of(Exception exception) => exception switch
    {
        InputException e => new(OneLine(e.Message), ExitCode.BadInput),
        OperationCanceledException => new("stopped.", ExitCode.Interrupted),
        AggregateException { InnerExceptions.Count: > 0 } e => Of(e.InnerExceptions[0]),
        IOException or UnauthorizedAccessException => new(OneLine(exception.Message), ExitCode.Failed),
        ExternalException => new("libtorch: " + OneLine(exception.Message), ExitCode.Failed),
        OutOfMemoryException => new("out of memory.", ExitCode.Failed),
        _ => null,
    };

    /// <summary>What is wrong with a command line; a word that nothing knows comes before what is missing because of it.</summary>
    public static string OfParsing(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(error => string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        return messages.OrderByDescending(message => parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal))).First();
    }

    private static string OneLine(string message) => message.Split('\n')[0].TrimEnd();
}
