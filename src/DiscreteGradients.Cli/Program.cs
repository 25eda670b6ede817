using System.Globalization;
using DiscreteGradients.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (StandardStreams.Open() is { } obstacle)
{
    Console.Error.WriteLine($"dgrad: {obstacle}");
    return ExitCode.Failed;
}
return await CommandLine.Run(args, StopSignals.Listen());
