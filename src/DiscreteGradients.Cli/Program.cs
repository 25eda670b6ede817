using DiscreteGradients.Cli;

if (StandardStreams.Open() is { } obstacle)
{
    Console.Error.WriteLine($"dgrad: {obstacle}");
    return ExitCode.Failed;
}
return await CommandLine.Run(args, StopSignals.Listen());
