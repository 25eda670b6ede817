using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using DiscreteGradients.Cli.Commands;

namespace DiscreteGradients.Cli;

/// <summary>One command, from its words to its exit code.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        // It flows to every thread of the command: what it reads and writes is the same everywhere.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var parsed = Root.Parse(words);
            if (Failure.Of(parsed) is { } wrong) return Say(wrong);
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            // What has no place to stop at, or is long in coming to one, is left behind: it ends with the process.
            if (parsed.Action is SynchronousCommandLineAction) return await Task.Run(() => parsed.Invoke(configuration), cancellation).WaitAsync(cancellation);
            using var late = new CancellationTokenSource();
            using var _ = cancellation.Register(() => late.CancelAfter(Patience));
            return await Task.Run(() => parsed.InvokeAsync(configuration, cancellation), CancellationToken.None).WaitAsync(late.Token);
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

/// <summary>dgrad and all of its commands.</summary>
internal static class Root
{
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>The command line, of which "@file" is a word like any other.</summary>
    public static ParseResult Parse(IReadOnlyList<string> words) => Create().Parse(words, Configuration);

    public static RootCommand Create()
    {
        var root = Commands();
        Words.Read(root);
        return root;
    }

    private static RootCommand Commands() => new("Gradient estimators for discrete latent variables: train, compare and measure them.")
    {
        CompareCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        ParseCommand.Create(),
        ExportCommand.Create(),
        DataCommand.Create(),
        ReportCommand.Create(),
        ResultsCommand.Create(),
        BenchCommand.Create(),
        GradientsCommand.Create(),
        FigureCommand.Create(),
        SearchCommand.Create(),
        StatusCommand.Create(),
        TableCommand.Create(),
        WorkerCommand.Create(),
    };
}
