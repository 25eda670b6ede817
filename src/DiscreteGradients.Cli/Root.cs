using System.CommandLine;
using DiscreteGradients.Cli.Commands;

namespace DiscreteGradients.Cli;

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
