using System.Diagnostics;
using System.Globalization;

namespace DiscreteGradients.Cli.Launchers;

/// <summary>The command line of one worker of a search.</summary>
/// <param name="Search">Its folder.</param>
/// <param name="Threads">Of the worker.</param>
/// <param name="CheckpointSeconds">Between checkpoints.</param>
internal sealed record WorkerLine(string Search, int Threads, double CheckpointSeconds)
{
    /// <summary>This program.</summary>
    public static string Program => Environment.ProcessPath!;

    /// <summary>What comes after the program's name; the first word is its own assembly where dotnet runs it.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        .. OwnAssembly,
        "worker", Search, "--threads", Threads.ToString(CultureInfo.InvariantCulture),
        "--checkpoint-seconds", CheckpointSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    private static string[] OwnAssembly => Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [typeof(WorkerLine).Assembly.Location] : [];

    /// <summary>Runs this program with other words, to its end, and drops what it prints.</summary>
    /// <exception cref="IOException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, by Ctrl-C for both.</exception>
    public static void Run(IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, [.. OwnAssembly, .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == ExitCode.Interrupted) throw new OperationCanceledException();
        if (process.ExitCode != ExitCode.Success) throw new IOException($"dgrad {string.Join(' ', words)} ended with code {process.ExitCode}: {errors}");
    }
}
