using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DiscreteGradients.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation. A signal that comes again at once (Slurm sends one to every process, and
/// its script passes another on) changes nothing; one that comes later ends the process as if there were no handler.</summary>
/// <remarks>In place until the process has ended: the second signal may come while it says that it was stopped.</remarks>
internal static partial class StopSignals
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);
    private static readonly CancellationTokenSource Stop = new();
    private static readonly Stopwatch Clock = new();
    private static readonly PosixSignalRegistration[] Registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationToken Listen()
    {
        GC.KeepAlive(Registrations);
        return Stop.Token;
    }

    /// <summary>Ends the process after a command that was stopped, and perhaps left behind in the middle of a step. After a
    /// return from Main its thread could crash on libtorch, which that takes down first.</summary>
    /// <returns>The code, where the system stops threads before it takes anything down.</returns>
    public static int End(int code)
    {
        if (!OperatingSystem.IsWindows()) Exit(code);
        return code;
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Exit(int code);

    private static void Handle(PosixSignalContext context)
    {
        lock (Clock)
        {
            context.Cancel = !Clock.IsRunning || Clock.Elapsed < Echo;
            Clock.Start();
        }
        if (context.Cancel) Stop.Cancel();
    }
}
