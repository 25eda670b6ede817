using System.CommandLine;
using System.Globalization;
using DiscreteGradients.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var parsed = Root.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"dgrad: {Failure.OfParsing(parsed)} Try 'dgrad --help'.");
    return ExitCode.BadInput;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, StopSignals.Listen());
}
catch (Exception e) when (Failure.Of(e) is { } failure)
{
    Console.Error.WriteLine($"dgrad: {failure.Message}");
    if (Environment.GetEnvironmentVariable("DGRAD_TRACE") is not null) Console.Error.WriteLine(e);
    return failure.Code;
}
