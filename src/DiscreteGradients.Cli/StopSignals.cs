using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DiscreteGradients.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation. A signal that comes again at once (Slurm sends one to every process, and
/// its script passes another on) changes nothing; one that comes later ends the process as if there were no handler.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly Stopwatch clock = new();
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        lock (clock)
        {
            context.Cancel = !clock.IsRunning || clock.Elapsed < Echo;
            clock.Start();
        }
        if (context.Cancel) stop.Cancel();
    }
}
