using System.Globalization;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Searches over <see cref="VaeSettings"/>; scores are bounds in nats.</summary>
public sealed class VaeTrials : ITrialTask
{
    private const int PaperSteps = 50_000, PaperTrials = 20, PaperSamples = 5_000;
    private static readonly VaeSettings Defaults = new();
    private MnistData? data;
    private string? dataName;

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public string Unit => "nats";

    /// <inheritdoc/>
    public void Check(JsonObject settings) => Read(settings);

    /// <inheritdoc/>
    public string PlanKey(JsonObject settings) => $"steps {settings["steps"]}, validation-interval {settings["validation-interval"]}";

    /// <inheritdoc/>
    public TrialPlan Plan(JsonObject settings)
    {
        var read = Read(settings);
        return new(read.Steps, read.ValidationInterval);
    }

    /// <inheritdoc/>
    public SearchData OpenData(string data)
    {
        var opened = Data(Defaults with { Data = data });
        return new(opened.Source!, opened.Checksum);
    }

    /// <inheritdoc/>
    public void Open(JsonObject settings) => Data(Read(settings));

    /// <inheritdoc/>
    public TrialOutcome Train(JsonObject settings, RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
    {
        var read = Read(settings);
        using var task = new VaeTask(read, Data(read), options.Threads);
        using var trainer = new Trainer<VaeTrainingResult>(task, folder) { CheckpointInterval = options.CheckpointInterval };
        var result = trainer.Run(progress => options.Progress?.Invoke(progress.Step, progress.Steps, "training"), until: until, cancellation: cancellation);
        return new(result is { HasDiverged: true }, trainer.Step, task.ValidationBound);
    }

    /// <inheritdoc/>
    public Score Evaluate(JsonObject settings, string path, string split, int samples, int examples, TrialOptions options, CancellationToken cancellation)
    {
        var read = Read(settings);
        var set = split == "test" ? Data(read).Test : Data(read).Valid;
        var count = examples == 0 ? set.Count : Math.Min(examples, set.Count);
        using var model = VaeModel.OfRun(path, read, Data(read));
        using var bound = new ImportanceBound(model);
        var log = BoundLog.Of(path, $"{split}-{samples.ToString(CultureInfo.InvariantCulture)}");
        var result = log.Evaluate(bound, set, count, samples, Seeds.For(read.Seed, SeedPurpose.SearchBound), options.Threads,
            done => options.Progress?.Invoke(done, count, $"{split} bound"), cancellation);
        log.Delete();
        return new(result.Bound, result.StandardError, samples, count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Departures(SearchSpec spec)
    {
        var steps = spec.AllTrials().DistinctBy(trial => trial.Settings["steps"]?.ToString()).Select(trial => Read(trial.Settings).Steps).Distinct().Order().ToList();
        var evaluation = spec.Evaluation;
        (bool Departs, string Text)[] all =
        [
            (steps is not [PaperSteps], $"{string.Join(", ", steps)} steps (paper: {PaperSteps})"),
            (spec.Trials != PaperTrials, Invariant($"{spec.Trials} trials a cell (paper: {PaperTrials})")),
            (evaluation.SelectionSamples != PaperSamples || evaluation.SelectionExamples != 0,
                Invariant($"selection with M = {evaluation.SelectionSamples} on {Part(evaluation.SelectionExamples)} (paper: M = {PaperSamples} on all)")),
            (evaluation.FinalSamples != PaperSamples || evaluation.FinalExamples != 0,
                Invariant($"reported bounds with M = {evaluation.FinalSamples} on {Part(evaluation.FinalExamples)} (paper: M = {PaperSamples} on all)")),
            (spec.Halving is not null, string.Create(CultureInfo.InvariantCulture,
                $"successive halving at steps {string.Join(", ", spec.Halving?.Rungs ?? [])}, keeping {spec.Halving?.Keep} (paper: none)")),
        ];
        return [.. all.Where(departure => departure.Departs).Select(departure => departure.Text)];
        static string Part(int examples) => examples == 0 ? "all images" : Invariant($"{examples} images");
    }

    /// <summary>Where a trial stands in the paper's tables.</summary>
    public static (EstimatorName Estimator, int BatchSize, int Arity) CellOf(Trial trial)
    {
        return (trial.Settings["estimator"] is { } name ? EstimatorName.Parse($"{name}") : Defaults.Estimator, Whole("batch-size", Defaults.BatchSize), Whole("arity", Defaults.Arity));
        int Whole(string name, int missing) => trial.Settings[name] is { } value ? JsonFile.Bind<int>(value, null, $"{Quote.Visible(trial.Path)}: {name}") : missing;
    }

    /// <summary>Checks that a search is of the VAE.</summary>
    /// <param name="search">Any.</param>
    /// <param name="what">What is made of it, for the message.</param>
    /// <exception cref="InputException">It is not.</exception>
    public static void Require(SearchFolder search, string what)
    {
        if (search.Spec.Task != "vae") throw new InputException($"{search.Path} is a search of {search.Spec.Task}; {what} is of vae.");
    }

    private static VaeSettings Read(JsonObject settings) => new SettingsFile(settings, "").Over(Defaults).Validated();

    private MnistData Data(VaeSettings settings)
    {
        if (data is null || dataName != settings.Data) (data, dataName) = (settings.OpenData(), settings.Data);
        return data;
    }
}
