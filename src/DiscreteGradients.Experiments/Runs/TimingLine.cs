using System.Diagnostics;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>A line of a run's timing.jsonl, where wall-clock figures are.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Wall-clock time since this process took the run up, or began to evaluate it.</param>
/// <param name="StepsPerSecond">The steps a second in that time.</param>
internal sealed record TimingLine(int Step, double Seconds, double StepsPerSecond, DateTime Utc)
{
    private const string FileName = "timing.jsonl";

    /// <summary>The name of what was evaluated; null for a training.</summary>
    public string? Evaluated { get; init; }

    /// <summary>Processor time of this process in <see cref="Seconds"/>; null in files of before 0.2.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>Adds up the processor time of all pieces of work; null where one of them does not tell it.</summary>
    public static double? ProcessorSecondsOf(IReadOnlyList<TimingLine> lines) => lines.Count == 0 ? null
        // The last line of a piece of work has all of its time.
        : lines.Where((line, i) => i + 1 == lines.Count || !line.IsOfSameWork(lines[i + 1]))
            .Aggregate((double?)0, (sum, line) => sum + line.ProcessorSeconds);

    /// <summary>Tells whether a line is of the same piece of work, which began at one time.</summary>
    internal bool IsOfSameWork(TimingLine other) =>
        Evaluated == other.Evaluated && Math.Abs((Utc - other.Utc).TotalSeconds - (Seconds - other.Seconds)) < 1;

    /// <summary>Appends a line to the file of a run folder.</summary>
    public void Append(string runFolder) => LineLog.Append(Path.Combine(runFolder, FileName), this, FileShare.Read);

    /// <summary>Reads the lines of a run folder that are readable; none where there is no file.</summary>
    public static IReadOnlyList<TimingLine> Read(string runFolder) =>
        Path.Combine(runFolder, FileName) is var path && File.Exists(path) ? JsonFile.ReadableLines<TimingLine>(path) : [];
}

/// <summary>The time that a piece of work takes: by the clock on the wall, and of this process's processors.</summary>
internal sealed class WorkClock
{
    private readonly Stopwatch wall = Stopwatch.StartNew();
    private readonly TimeSpan processor = Environment.CpuUsage.TotalTime;

    public TimeSpan Elapsed => wall.Elapsed;

    /// <summary>Makes the line of a run's timing.jsonl that says what the work took until now.</summary>
    public TimingLine Line(int step, double stepsPerSecond) =>
        new(step, Elapsed.TotalSeconds, stepsPerSecond, DateTime.UtcNow)
        {
            ProcessorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
        };
}
