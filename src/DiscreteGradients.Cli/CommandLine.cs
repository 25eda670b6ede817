using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;

namespace DiscreteGradients.Cli;

/// <summary>One command, from its words to its exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        // It flows to every thread of the command: what it reads and writes is the same everywhere.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var parsed = Root.Parse(words);
            if (Failure.Of(parsed) is { } wrong) return Say(wrong);
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            // What has no place to stop at is left behind: it ends with the process.
            return parsed.Action is SynchronousCommandLineAction
                ? await Task.Run(() => parsed.Invoke(configuration), cancellation).WaitAsync(cancellation)
                : await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable("DGRAD_TRACE") is not null) Console.Error.WriteLine(e);
            return Say(Failure.Of(e));
        }
    }

    private static int Say(Failure failure)
    {
        Console.Error.WriteLine($"dgrad: {failure.Message}");
        return failure.Code;
    }
}
