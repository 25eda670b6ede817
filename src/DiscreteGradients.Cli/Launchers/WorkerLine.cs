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
        .. Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [typeof(WorkerLine).Assembly.Location] : (string[])[],
        "worker", Search, "--threads", Threads.ToString(CultureInfo.InvariantCulture),
        "--checkpoint-seconds", CheckpointSeconds.ToString(CultureInfo.InvariantCulture),
    ];
}
