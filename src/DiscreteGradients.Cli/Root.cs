using System.CommandLine;
using DiscreteGradients.Cli.Commands;

namespace DiscreteGradients.Cli;

/// <summary>dgrad and all of its commands.</summary>
internal static class Root
{
    public static RootCommand Create() => new("Gradient estimators for discrete latent variables: train, compare and measure them.")
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
