using System.CommandLine;
using System.Globalization;
using DiscreteGradients.Cli;
using DiscreteGradients.Cli.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand("Gradient estimators for discrete latent variables: train, compare and measure them.")
{
    CompareCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    ParseCommand.Create(),
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
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"dgrad: {Failure.OfParsing(parsed)} Try 'dgrad --help'.");
    return ExitCode.BadInput;
}
try
{
    using var signals = new StopSignals();
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Token);
}
catch (Exception e) when (Failure.Of(e) is { } failure)
{
    Console.Error.WriteLine($"dgrad: {failure.Message}");
    if (Environment.GetEnvironmentVariable("DGRAD_TRACE") is not null) Console.Error.WriteLine(e);
    return failure.Code;
}
