using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>A search's record written by hand: known figures in, known reports out.</summary>
internal sealed class SearchRecord(SearchFolder search)
{
    public static SearchRecord Create(string path, int trials, params (string Setting, JsonNode[] Values)[] grid) =>
        Create(path, trials, 0, [grid.ToDictionary(list => list.Setting, list => list.Values, StringComparer.Ordinal)]);

    /// <summary>Makes a record whose grid has several blocks.</summary>
    public static SearchRecord Create(string path, int trials, ulong seed, IReadOnlyList<Dictionary<string, JsonNode[]>> grid,
        int finalSamples = 5000, JsonObject? settings = null) => new(SearchFolder.Create(path, new SearchSpec
        {
            Task = "vae",
            Trials = trials,
            Seed = seed,
            Settings = settings ?? new JsonObject { ["steps"] = 40, ["validation-interval"] = 10 },
            Grid = [.. grid],
            Evaluation = new() { FinalSamples = finalSamples },
        }, SearchTasks.All));

    public SearchFolder Search => search;

    /// <summary>Makes a record of cells whose first trials are their best, and were put to the test set.</summary>
    /// <param name="settings">Those of all trials; null for the paper's data alone.</param>
    public static SearchRecord Tested(string path, int trials, ulong seed,
        IReadOnlyList<(string Estimator, int Arity, int BatchSize, double Test)> cells, int samples = 5000,
        JsonObject? settings = null)
    {
        var record = Create(path, trials, seed,
        [
            .. cells.Select(cell => new Dictionary<string, JsonNode[]>(StringComparer.Ordinal)
            {
                ["estimator"] = [cell.Estimator],
                ["arity"] = [cell.Arity],
                ["batch-size"] = [cell.BatchSize],
            }),
        ], samples, settings ?? new JsonObject { ["data"] = "binarized-mnist" });
        foreach (var trial in record.Search.Trials)
        {
            record.End(trial, 90 + trial.Index);
            var (estimator, batchSize, arity) = VaeTrials.CellOf(trial);
            if (trial.Index == 0)
            {
                record.Report(trial, 90, cells.Single(cell =>
                    (cell.Estimator, cell.BatchSize, cell.Arity) == ($"{estimator}", batchSize, arity)).Test, samples);
            }
        }
        return record;
    }

    public Trial this[string cell, int index] => search.Trials.Single(trial => trial.Cell.Name == cell && trial.Index == index);

    /// <summary>Ends a trial after validations every ten steps.</summary>
    public void End(Trial trial, double? validation, double[]? bounds = null, RunStatus status = RunStatus.Completed)
    {
        var folder = Directory.CreateDirectory(search.PathOf(trial)).FullName;
        using (var metrics = File.Create(Path.Combine(folder, "metrics.jsonl")))
        {
            foreach (var (i, bound) in (bounds ?? []).Index())
            {
                metrics.Write(RunFolder.Line(new { step = 10 * (i + 1), loss = 100.0 }));
                metrics.Write(RunFolder.Line(new { step = 10 * (i + 1), ValidationBound = bound, StandardError = 0.5, samples = 1, images = 1000 }));
            }
        }
        search.Write(trial, new TrialRecord
        {
            Status = status,
            Steps = 40,
            Settings = trial.Settings,
            Validation = validation is { } value ? new(value, 0.5, 50, 1000) : null,
            Version = "1",
        });
    }

    /// <summary>Puts a trial to the test set.</summary>
    public void Report(Trial trial, double validation, double test, int samples = 5000) => search.Write(trial,
        new FinalRecord(new(validation, 0.375, samples, 10_000), new(test, 0.25, samples, 10_000), "1"));
}
