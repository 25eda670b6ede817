using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Searches over <see cref="ListOpsSettings"/>; scores are accuracies in percent, of the weights of the epoch that
/// was best on the validation set.</summary>
internal sealed class ListOpsTrials : ITrialTask
{
    private const int PaperEpochs = 10, PaperSeeds = 5;
    private readonly Dictionary<(string Data, int MaxLength), int> counts = [];
    private ListOpsData? data;
    private string? dataName;

    public bool HigherIsBetter => true;

    public string Unit => "%";

    public SearchData OpenData(string data)
    {
        var opened = Data(new() { Data = data });
        return new(opened.Source!, opened.Checksum());
    }

    public ITrialRun Read(JsonObject settings) => new Run(this, Settings(settings));

    public void Check(SelectionProtocol evaluation)
    {
        var defaults = new SelectionProtocol();
        Require("selection-samples", evaluation.SelectionSamples, defaults.SelectionSamples);
        Require("selection-examples", evaluation.SelectionExamples, defaults.SelectionExamples);
        Require("final-samples", evaluation.FinalSamples, defaults.FinalSamples);
        Require("final-examples", evaluation.FinalExamples, defaults.FinalExamples);
        static void Require(string name, int value, int missing) => InputException.Require(value == missing, name, value,
            "none: listops is scored on all expressions, without samples", $"evaluation.{name}");
    }

    public IReadOnlyList<string> Departures(SearchSpec spec)
    {
        var trials = spec.AllTrials();
        var epochs = trials.DistinctBy(trial => trial.Settings["epochs"]?.ToString())
            .Select(trial => Settings(trial.Settings).Epochs).Distinct().Order().ToList();
        var departures = new List<string>();
        if (epochs is not [PaperEpochs]) departures.Add($"{string.Join(", ", epochs)} epochs (paper: {PaperEpochs})");
        if (spec.Trials != PaperSeeds)
            departures.Add(Invariant($"{spec.Trials} {(spec.Trials == 1 ? "seed" : "seeds")} a cell (paper: {PaperSeeds})"));
        if (spec.Halving is not null) departures.Add("successive halving (paper: none)");
        return departures;
    }

    private static ListOpsSettings Settings(JsonObject settings) =>
        new SettingsFile(settings, "").Over(new ListOpsSettings()).Validated();

    private ListOpsData Data(ListOpsSettings settings, CancellationToken cancellation = default)
    {
        if (data is null || dataName != settings.Data)
            (data, dataName) = (settings.OpenData(cancellation: cancellation), settings.Data);
        return data;
    }

    private sealed class Run(ListOpsTrials task, ListOpsSettings settings) : ITrialRun
    {
        public string PlanKey =>
            Invariant($"data set {settings.Data} {settings.DataChecksum}, max-length {settings.MaxLength}, ")
            + Invariant($"batch-size {settings.Batch}, epochs {settings.Epochs}");

        public TrialPlan Plan()
        {
            var key = (settings.Data, settings.MaxLength);
            if (!task.counts.TryGetValue(key, out var count))
                task.counts[key] = count = task.Data(settings)
                    .Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed)).Train.Count;
            var interval = (count + settings.Batch - 1) / settings.Batch;
            return new(settings.Epochs * interval, interval);
        }

        public void Open() => TestSet(task.Data(settings));

        public TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
        {
            using var training = new ListOpsTask(settings, task.Data(settings, cancellation));
            return TrialOutcome.Of(training, "validation-accuracy", accuracies => accuracies.Max(), folder, until, options,
                cancellation);
        }

        public Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options,
            CancellationToken cancellation)
        {
            var data = task.Data(settings, cancellation);
            var (train, valid) = data.Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed));
            var (set, activity) = split == Split.Test ? (TestSet(data), Activity.TestAccuracy) : (valid, Activity.ValidAccuracy);
            var results = new[] { Weights.Last, Weights.Best }.Select(weights =>
            {
                using var model = ListOpsRun.Model(path, weights);
                var result = ListOpsAccuracy.Of(model, set, settings.MaxLength, JsonText.Word(split), weights, train,
                    share => options.Progress?.Invoke(share, 1, activity), cancellation);
                result.Save(path);
                return result;
            }).ToList();
            return new(100 * results[^1].Accuracy, 100 * results[^1].StandardError, 1, results[^1].Expressions);
        }

        private IReadOnlyList<Expression> TestSet(ListOpsData data) => data.Test ?? throw new InputException(
            $"{settings.Data} has no test set; expected a folder with test.tsv or test_d20s.tsv too.");
    }
}
