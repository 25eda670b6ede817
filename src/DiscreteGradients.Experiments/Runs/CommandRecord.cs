namespace DiscreteGradients.Experiments.Runs;

/// <summary>A command that worked on a folder: a line of its commands.jsonl.</summary>
/// <param name="Command">As it was typed.</param>
/// <param name="Version">Version of the program, with the commit.</param>
internal sealed record CommandRecord(DateTime Utc, string Command, string Version)
{
    private const string FileName = "commands.jsonl";

    /// <summary>Appends the command to the file of a folder that is there.</summary>
    public static void Append(string folder, string command) => LineLog.Append(Path.Combine(folder, FileName),
        new CommandRecord(DateTime.UtcNow, command, ProgramVersion.Text), FileShare.ReadWrite);

    /// <summary>Reads the commands of a folder that are readable; none where there is no file.</summary>
    public static IReadOnlyList<CommandRecord> Read(string folder) =>
        Path.Combine(folder, FileName) is var path && File.Exists(path) ? JsonFile.ReadableLines<CommandRecord>(path) : [];
}
