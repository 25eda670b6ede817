namespace DiscreteGradients.Cli.Tests;

/// <summary>The command within this process, and what it prints. Its tests take turns with all others.</summary>
[CollectionDefinition(nameof(InProcess), DisableParallelization = true)]
public sealed class InProcess
{
    internal static async Task<Dgrad.Outcome> Run(string[] words, CancellationToken cancellation = default)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var printed = new StringWriter();
        using var said = new StringWriter();
        try
        {
            Console.SetOut(printed);
            Console.SetError(said);
            return new(await CommandLine.Run(words, cancellation), printed.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
