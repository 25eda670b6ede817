using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Searches over <see cref="ListOpsSettings"/>; scores are accuracies in percent, of the weights of the epoch that
/// was best on the validation set.</summary>
public sealed class ListOpsTrials : ITrialTask
{
    private const int PaperEpochs = 10, PaperSeeds = 5;
    private readonly Dictionary<int, int> counts = [];
    private ListOpsData? data;
    private string? dataName;

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public string PlanKey(JsonObject settings)
    {
        var read = Read(settings);
        return Invariant($"data {read.Data} {read.DataChecksum}, max-length {read.MaxLength}, batch-size {read.Batch}, epochs {read.Epochs}");
    }

    /// <inheritdoc/>
    public TrialPlan Plan(JsonObject settings)
    {
        var read = Read(settings);
        if (!counts.TryGetValue(read.MaxLength, out var count))
            counts[read.MaxLength] = count = Data(read).Split(read.MaxLength, ListOpsTask.SplitSeed(read.Seed)).Train.Count;
        var interval = (count + read.Batch - 1) / read.Batch;
        return new(read.Epochs * interval, interval);
    }

    /// <inheritdoc/>
    public void Check(JsonObject settings) => Read(settings);

    /// <inheritdoc/>
    public SearchData OpenData(string data)
    {
        var opened = Data(new() { Data = data });
        return new(opened.Source!, opened.Checksum());
    }

    /// <inheritdoc/>
    public void Open(JsonObject settings)
    {
        if (Data(Read(settings)).Test is null) throw new InputException($"{dataName} has no test set; expected a folder with test.tsv or test_d20s.tsv too.");
    }

    /// <inheritdoc/>
    public TrialOutcome Train(JsonObject settings, RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
    {
        var read = Read(settings);
        using var task = new ListOpsTask(read, Data(read, cancellation));
        using var trainer = new Trainer<ListOpsTrainingResult>(task, folder) { CheckpointInterval = options.CheckpointInterval };
        var result = trainer.Run(progress => options.Progress?.Invoke(progress.Step, progress.Steps, "training"), until: until, cancellation: cancellation);
        return new(result is { HasDiverged: true }, trainer.Step, task.Numbers["best-accuracy"]);
    }

    /// <inheritdoc/>
    public Score Evaluate(JsonObject settings, string path, string split, int samples, int examples, TrialOptions options, CancellationToken cancellation)
    {
        var read = Read(settings);
        var (train, valid) = Data(read, cancellation).Split(read.MaxLength, ListOpsTask.SplitSeed(read.Seed));
        var set = split == "test" ? Data(read, cancellation).Test! : valid;
        var results = new[] { Weights.Last, Weights.Best }.Select(weights =>
        {
            using var model = ListOpsRun.Model(path, weights);
            var result = ListOpsEvaluation.Of(model, set, read.MaxLength, split, weights, train, share => options.Progress?.Invoke(share, 1, $"{split} accuracy"), cancellation);
            result.Save(path);
            return result;
        }).ToList();
        return new(100 * results[^1].Accuracy, 100 * results[^1].StandardError, 1, results[^1].Expressions);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Departures(SearchSpec spec)
    {
        var trials = spec.AllTrials();
        var epochs = trials.DistinctBy(trial => trial.Settings["epochs"]?.ToString()).Select(trial => Read(trial.Settings).Epochs).Distinct().Order().ToList();
        var departures = new List<string>();
        if (epochs is not [PaperEpochs]) departures.Add($"{string.Join(", ", epochs)} epochs (paper: {PaperEpochs})");
        if (spec.Trials != PaperSeeds) departures.Add(Invariant($"{spec.Trials} seeds a cell (paper: {PaperSeeds})"));
        if (spec.Halving is not null) departures.Add("successive halving (paper: none)");
        return departures;
    }

    private static ListOpsSettings Read(JsonObject settings) => new SettingsFile(settings, "").Over(new ListOpsSettings()).Validated();

    private ListOpsData Data(ListOpsSettings settings, CancellationToken cancellation = default)
    {
        if (data is null || dataName != settings.Data)
        {
            (data, dataName) = (settings.OpenData(cancellation: cancellation), settings.Data);
            counts.Clear();
        }
        return data;
    }
}
