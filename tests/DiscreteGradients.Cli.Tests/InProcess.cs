namespace DiscreteGradients.Cli.Tests;

/// <summary>The command within this process, and what it prints. Its tests take turns with all others.</summary>
[CollectionDefinition(nameof(InProcess), DisableParallelization = true)]
public sealed class InProcess
{
    private const string Cache = "XDG_CACHE_HOME";

    internal static Task<Dgrad.Outcome> Run(string directory, params string[] words) => Run(directory, words, CancellationToken.None);

    internal static Task<Dgrad.Outcome> Run(string directory, string[] words, CancellationToken cancellation) =>
        Run(directory, words, null, cancellation);

    /// <param name="meanwhile">Done once, when the command first says something on standard error.</param>
    internal static async Task<Dgrad.Outcome> Run(string directory, string[] words, Action? meanwhile,
        CancellationToken cancellation)
    {
        var (output, error, current, cache) = (Console.Out, Console.Error, Environment.CurrentDirectory, Environment.GetEnvironmentVariable(Cache));
        using var printed = new StringWriter();
        using var said = new Heard(meanwhile);
        try
        {
            Console.SetOut(printed);
            Console.SetError(said);
            Environment.CurrentDirectory = directory;
            Environment.SetEnvironmentVariable(Cache, Path.Combine(directory, "cache"));
            return new(await CommandLine.Run(words, cancellation), printed.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Environment.CurrentDirectory = current;
            Environment.SetEnvironmentVariable(Cache, cache);
        }
    }

    private sealed class Heard(Action? then) : StringWriter
    {
        private Action? next = then;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Interlocked.Exchange(ref next, null)?.Invoke();
        }
    }
}
