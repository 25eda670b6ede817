using System.CommandLine;

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
            return Failure.Of(parsed) is { } wrong ? Say(wrong) : await parsed.InvokeAsync(Configuration, cancellation);
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
