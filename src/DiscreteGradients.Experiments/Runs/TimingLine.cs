namespace DiscreteGradients.Experiments.Runs;

/// <summary>One line of a run's timing.jsonl, where wall-clock figures are.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Since this process took the run up, or began to evaluate it.</param>
/// <param name="StepsPerSecond">In that time.</param>
internal sealed record TimingLine(int Step, double Seconds, double StepsPerSecond, DateTime Utc)
{
    private const string FileName = "timing.jsonl";

    /// <summary>What was evaluated; null for a training.</summary>
    public string? Evaluated { get; init; }

    /// <summary>Appends a line to the file of a run folder.</summary>
    public void Append(string runFolder)
    {
        using var stream = FolderFile.Open(Path.Combine(runFolder, FileName), FileMode.Append, FileAccess.Write, FileShare.Read);
        stream.Write(RunFolder.Line(this));
    }

    /// <summary>Reads the lines of a run folder, as far as they are readable; none where there is no file.</summary>
    public static IReadOnlyList<TimingLine> Read(string runFolder) =>
        Path.Combine(runFolder, FileName) is var path && File.Exists(path) ? JsonFile.ReadableLines<TimingLine>(path) : [];
}
