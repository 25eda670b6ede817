using DiscreteGradients.Cli;

if (StandardStreams.Open() is { } obstacle)
{
    Console.Error.WriteLine($"dgrad: {obstacle}");
    return ExitCode.Failed;
}
var code = await CommandLine.Run(args, StopSignals.Listen());
return code == ExitCode.Interrupted ? StopSignals.End(code) : code;
