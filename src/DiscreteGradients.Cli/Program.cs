using System.Globalization;
using DiscreteGradients.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await CommandLine.Run(args, StopSignals.Listen());
