using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Times a small search with one worker and with two, and status and tables of a large record.</summary>
/// <param name="Execute">Runs the command of these words with these settings, and throws where it fails.</param>
internal sealed record SearchBenchmark(double Seconds, Action<IReadOnlyList<string>, IReadOnlyList<Setting>> Execute)
{
    // Of Table 2, whose search is recorded.
    private const int Cells = 56;
    private const string Small = "small";

    /// <summary>The largest <see cref="Recorded"/>: what a search may have, with as many trials in each cell.</summary>
    public const int MostRecorded = SearchSpec.MostTrials / Cells * Cells;

    /// <summary>Trials of the record, at least; a whole number for each of the cells of Table 2.</summary>
    public int Recorded { get; init; } = 10_000;

    /// <summary>Steps of each of the eight trials that are run.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Measures in a temporary folder, which it deletes.</summary>
    public SearchResult Run(Action<double, double, string>? progress = null, CancellationToken cancellation = default)
    {
        var folder = Directory.CreateTempSubdirectory("dgrad-bench-").FullName;
        try
        {
            return new(Machine.Here(), 1, ProgramVersion.Text,
                [.. Workers(folder, progress, cancellation), .. Reports(folder, progress, cancellation)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<SearchRow> Workers(string folder, Action<double, double, string>? progress,
        CancellationToken cancellation)
    {
        var spec = Path.Combine(folder, "spec.json");
        File.WriteAllText(spec, JsonSerializer.Serialize(EightTrials(), JsonText.Indented));
        var seconds = Measure([With(1), With(2)], part => progress?.Invoke(part, 2, "one worker and two"), cancellation);
        yield return new("search, 8 trials, one worker", Quartiles.Of(seconds[0]));
        yield return new("search, 8 trials, two workers", Quartiles.Of(seconds[1]), Quartiles.OfRatios(seconds[0], seconds[1]));

        Timed With(int workers) => new(() =>
        {
            var path = Path.Combine(folder, Small);
            Execute(["search", spec], [new("out", path), new("workers", workers), new("quiet", true)]);
            Directory.Delete(path, recursive: true);
        });
    }

    private IEnumerable<SearchRow> Reports(string folder, Action<double, double, string>? progress,
        CancellationToken cancellation)
    {
        progress?.Invoke(1, 2, "making a record");
        var path = Path.Combine(folder, "record");
        var trials = MakeRecord(path, cancellation);
        (string Command, bool IsCold)[] reports = [("status", true), ("status", false), ("table 2", true), ("table 2", false)];
        var seconds = Measure([.. reports.Select(report => new Timed(() =>
        {
            if (report.IsCold) File.Delete(Path.Combine(path, "index.jsonl"));
            Execute([.. report.Command.Split(' '), path], []);
        }))], part => progress?.Invoke(1 + part, 2, "reports"), cancellation);
        return reports.Zip(seconds, (report, times) =>
            new SearchRow(Invariant($"{report.Command}{(report.IsCold ? ", no index" : "")}, {trials:N0} trials"),
                Quartiles.Of(times)));
    }

    private double[][] Measure(List<Timed> contestants, Action<double> progress, CancellationToken cancellation) =>
        InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(Seconds * contestants.Count), progress, cancellation);

    private SearchSpec EightTrials() => new()
    {
        Task = "vae",
        Trials = 4,
        Settings = new JsonObject
        {
            ["data"] = "mnist",
            ["steps"] = Steps,
            ["validation-interval"] = Steps,
            ["validation-images"] = 100,
        },
        Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["estimator"] = ["st-gs", "gr-mc:100"] }],
        Evaluation = new() { SelectionSamples = 10, SelectionExamples = 100, FinalSamples = 10, FinalExamples = 100 },
    };

    // Written without the care of a search, which would flush every file to the disk.
    private int MakeRecord(string path, CancellationToken cancellation)
    {
        var search = SearchFolder.Create(path, SearchSpec.Read("table2") with { Trials = (Recorded + Cells - 1) / Cells },
            SearchTasks.All, cancellation);
        foreach (var trial in search.Trials)
        {
            cancellation.ThrowIfCancellationRequested();
            var score = new Score(100 + (trial.Index * 7 % 50 / 5.0), 0.25, 5000, 10_000);
            var folder = Directory.CreateDirectory(search.PathOf(trial)).FullName;
            Directory.CreateDirectory(Path.Combine(folder, "checkpoint"));
            Write("trial.json", new TrialRecord
            {
                Status = trial.Index % 20 == 19 ? RunStatus.Diverged : RunStatus.Completed,
                Steps = 50_000,
                Settings = trial.Settings,
                Validation = trial.Index % 20 == 19 ? null : score,
                Version = ProgramVersion.Text,
            });
            Write("settings.json", trial.Settings);
            File.WriteAllLines(Path.Combine(folder, "metrics.jsonl"), Enumerable.Range(1, 500)
                .Select(i => Invariant($"{{\"step\":{100 * i},\"loss\":100.5}}")));
            if (trial.Index == 0) Write("final.json", new FinalRecord(score, score, ProgramVersion.Text));

            void Write<T>(string name, T content) =>
                File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content, JsonText.Indented));
        }
        return search.Trials.Count;
    }
}

/// <summary>Searches: more workers, and reports of a large record.</summary>
internal sealed record SearchResult(Machine Machine, int Threads, string Version, IReadOnlyList<SearchRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "A search";

    internal override string Caption =>
        "Seconds of the whole command, its start included: medians, with the middle half of the rounds in brackets. Ratio: the time with one worker "
        + "over that with two, in the same round. The record is made up: folders and files as a search leaves them. No index: index.jsonl deleted before.";

    internal override Table Table => Table.Of(
        Rows,
        new("command", row => row.Name),
        new("s", row => Quartiles.Text(row.Seconds)),
        new("ratio", row => Quartiles.Text(row.Ratio)));
}

/// <param name="Ratio">The time of the row above in the same round, over this one's; null where that says nothing.</param>
internal sealed record SearchRow(string Name, Quartiles Seconds, Quartiles? Ratio = null);
