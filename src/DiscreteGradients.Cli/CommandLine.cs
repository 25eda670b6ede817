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
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            // What has no place to stop at, or is long in coming to one, is left behind: it ends with the process.
            if (parsed.Action is SynchronousCommandLineAction)
                return await Task.Run(() => parsed.Invoke(configuration), cancellation).WaitAsync(cancellation);
            using var late = new CancellationTokenSource();
            using var _ = cancellation.Register(() => late.CancelAfter(Patience));
            return await Task.Run(() => parsed.InvokeAsync(configuration, cancellation), CancellationToken.None)
                .WaitAsync(late.Token);
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

/// <summary>The root command dgrad with all of its commands.</summary>
internal static class Root
{
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>The command line, of which "@file" is a word like any other.</summary>
    public static ParseResult Parse(IReadOnlyList<string> words) => Create().Parse(words, Configuration);

    public static RootCommand Create()
    {
        var root = Commands();
        root.SetAction(parsed => HelpPage.Print(parsed.CommandResult.Command));
        Words.Read(root);
        HelpPage.Serve(root);
        return root;
    }

    // In the order in which one uses them.
    private static RootCommand Commands() => new(
        "Gradient estimators for models with discrete latent variables: train with them, compare them, measure their bias and variance.")
    {
        CompareCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        ParseCommand.Create(),
        GradientsCommand.Create(),
        SearchCommand.Create(),
        StatusCommand.Create(),
        TableCommand.Create(),
        FigureCommand.Create(),
        ReportCommand.Create(),
        ResultsCommand.Create(),
        ExportCommand.Create(),
        DataCommand.Create(),
        BenchCommand.Create(),
        CompletionCommand.Create(),
        CompletionCommand.CreateCandidates(),
        WorkerCommand.Create(),
    };
}
