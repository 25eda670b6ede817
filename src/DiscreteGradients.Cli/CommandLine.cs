using System.CommandLine;
using System.CommandLine.Invocation;

namespace DiscreteGradients.Cli;

/// <summary>One command, from its words to its exit code.</summary>
internal static class CommandLine
{
    private static readonly InvocationConfiguration Configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    public static async Task<int> Run(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        try
        {
            var parsed = Root.Parse(words);
            if (Failure.Of(parsed) is { } wrong) return Say(wrong);
            // What has no place to stop at is left behind: it ends with the process.
            return parsed.Action is SynchronousCommandLineAction
                ? await Task.Run(() => parsed.Invoke(Configuration), cancellation).WaitAsync(cancellation)
                : await parsed.InvokeAsync(Configuration, cancellation);
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
