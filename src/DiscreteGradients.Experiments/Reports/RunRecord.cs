using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The contents of a run folder.</summary>
/// <param name="Result">Null while the run has not ended.</param>
internal sealed record RunRecord(string Path, JsonObject Settings, IReadOnlyList<MetricsLine> Metrics,
    IReadOnlyList<TimingLine> Timing, JsonObject? Result)
{
    /// <summary>Tells whether a folder is one of a training.</summary>
    public static bool Is(string path) =>
        File.Exists(System.IO.Path.Combine(path, "settings.json")) && File.Exists(System.IO.Path.Combine(path, "metrics.jsonl"));

    /// <exception cref="InputException">A file of it is not readable.</exception>
    public static RunRecord Read(string path) =>
        new(path, RunFolder.ReadSettings<JsonObject>(path), MetricsLine.Read(path), TimingLine.Read(path),
        JsonFile.Read<JsonObject>(System.IO.Path.Combine(path, "result.json")));

    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <exception cref="InputException">The settings name none.</exception>
    public EstimatorName Estimator =>
        JsonFile.Bind<EstimatorName>(Settings["estimator"], null, $"{System.IO.Path.Combine(Path, "settings.json")}: estimator");

    public bool HasDiverged => Result?["status"]?.ToString() == JsonText.Word(RunStatus.Diverged);

    /// <summary>Steps done: those of the result, or of the last metrics or the last checkpoint while there is none.</summary>
    public int Steps => Result?["steps"] is JsonValue value && value.TryGetValue<int>(out var steps)
        ? steps
        : Math.Max(Metrics is [.., var last] ? last.Step : 0, Timing.LastOrDefault(line => line.Evaluated is null)?.Step ?? 0);

    /// <summary>Steps a second since the last process took the run up; null where that is not known.</summary>
    public double? StepsPerSecond =>
        Timing.LastOrDefault(line => line is { Evaluated: null, StepsPerSecond: > 0 })?.StepsPerSecond;

    /// <summary>The names of the numbers in the metrics, in their order.</summary>
    public IEnumerable<string> Names =>
        Metrics.SelectMany(line => line.Numbers.Select(number => number.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>A metric by step, with the error that stands beside it.</summary>
    /// <param name="error">The name of its error; null for none.</param>
    public IEnumerable<(double Step, Estimate Value)> Curve(string name, string? error = null) =>
        from line in Metrics
        let numbers = line.Numbers.ToDictionary(StringComparer.Ordinal)
        where numbers.ContainsKey(name)
        select ((double)line.Step,
            new Estimate(numbers[name], error is not null && numbers.TryGetValue(error, out var one) ? one : double.NaN));

    /// <summary>The speed between each checkpoint and the next, or since a process took the run up.</summary>
    public IEnumerable<(double Step, Estimate Value)> Speed()
    {
        TimingLine? last = null;
        foreach (var line in Timing.Where(line => line.Evaluated is null))
        {
            var goesOn = last is not null && last.IsOfSameWork(line) && line.Step > last.Step && line.Seconds > last.Seconds;
            var speed = goesOn ? (line.Step - last!.Step) / (line.Seconds - last.Seconds) : line.StepsPerSecond;
            if (speed > 0) yield return (line.Step, new(speed, double.NaN));
            last = line;
        }
    }

    /// <summary>Gives each run the curve of its estimator: the name that the paper prints; where several runs share it,
    /// with the seed, or the end of the folder's path, which tells them apart.</summary>
    public static IReadOnlyList<(RunRecord Run, string Name, CurveStyle Style)> Styled(IReadOnlyList<RunRecord> runs) =>
    [
        .. from run in runs
           let same = runs.Where(other => other.Estimator == run.Estimator).ToList()
           let place = same.IndexOf(run)
           let style = CurveStyle.Of(run.Estimator, place)
           let isTold = same.DistinctBy(other => $"{other.Settings["seed"]}", StringComparer.Ordinal).Count() == same.Count
           select (run, same.Count == 1
               ? style.Name
               : $"{style.Name}, {(isTold ? $"seed {run.Settings["seed"]}" : Ends(same)[place])}", style),
    ];

    // As short as they are distinct.
    private static List<string> Ends(List<RunRecord> runs)
    {
        var paths = runs.ConvertAll(run => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(run.Path))
            .Split(System.IO.Path.DirectorySeparatorChar));
        return Enumerable.Range(1, paths.Max(parts => parts.Length))
            .Select(count => paths.ConvertAll(parts => string.Join('/', parts.TakeLast(count))))
            .MaxBy(ends => ends.Distinct(StringComparer.Ordinal).Count())!;
    }
}
