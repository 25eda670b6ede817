using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Search;

/// <summary>Searches over <see cref="VaeSettings"/>; scores are bounds in nats.</summary>
internal sealed class VaeTrials : ITrialTask
{
    private const int PaperSteps = 50_000, PaperTrials = 20, PaperSamples = 5_000;
    private static readonly VaeSettings Defaults = new();
    private MnistData? data;
    private string? dataName;

    public bool HigherIsBetter => false;

    public string Unit => "nats";

    public SearchData OpenData(string data)
    {
        var opened = Data(Defaults with { Data = data });
        return new(opened.Source!, opened.Checksum);
    }

    public ITrialRun Read(JsonObject settings) => new Run(this, Settings(settings), settings);

    public IReadOnlyList<string> Departures(SearchSpec spec)
    {
        var trials = spec.AllTrials();
        var steps = trials.DistinctBy(trial => trial.Settings["steps"]?.ToString())
            .Select(trial => Settings(trial.Settings).Steps).Distinct().Order().ToList();
        var names = trials.Select(trial => trial.Settings[SearchData.Key]?.ToString() ?? Defaults.Data)
            .Distinct(StringComparer.Ordinal);
        var evaluation = spec.Evaluation;
        (bool Departs, string Text)[] all =
        [
            (steps is not [PaperSteps], $"{string.Join(", ", steps)} steps (paper: {PaperSteps})"),
            (spec.Trials != PaperTrials, Invariant($"{spec.Trials} trials a cell (paper: {PaperTrials})")),
            (evaluation.SelectionSamples != PaperSamples || evaluation.SelectionExamples != 0,
                Invariant($"selection with M = {evaluation.SelectionSamples} on {Part(evaluation.SelectionExamples)} (paper: M = {PaperSamples} on all)")),
            (evaluation.FinalSamples != PaperSamples || evaluation.FinalExamples != 0,
                Invariant($"reported bounds with M = {evaluation.FinalSamples} on {Part(evaluation.FinalExamples)} (paper: M = {PaperSamples} on all)")),
            (spec.Halving is not null, Invariant(
                $"successive halving at steps {string.Join(", ", spec.Halving?.Rungs ?? [])}, keeping {spec.Halving?.Keep} (paper: none)")),
            (!trials.All(IsOnThePapersData), $"data {string.Join(", ", names)} (paper: {DataCatalog.FetchedName})"),
        ];
        return [.. all.Where(departure => departure.Departs).Select(departure => departure.Text)];
        static string Part(int examples) => examples == 0 ? "all images" : Invariant($"{examples} images");
    }

    /// <summary>Gives the place of a trial in the paper's tables.</summary>
    public static (EstimatorName Estimator, int BatchSize, int Arity) CellOf(Trial trial)
    {
        return (trial.Settings["estimator"] is { } name ? EstimatorName.Parse($"{name}")
            : Defaults.Estimator, Whole("batch-size", Defaults.BatchSize), Whole("arity", Defaults.Arity));
        int Whole(string name, int missing) =>
            trial.Settings[name] is { } value ? JsonFile.Bind<int>(value, null, $"{Quote.Visible(trial.Path)}: {name}") : missing;
    }

    /// <summary>Tells what the grid varies besides, as in "temperature 0.5"; empty for nothing.</summary>
    public static string VariedIn(Cell cell) =>
        string.Join(", ", cell.Values.Where(pair => pair.Key is not ("arity" or "batch-size" or "estimator"))
            .Select(pair => $"{pair.Key} {pair.Value}"));

    /// <summary>Tells what a search fixes for a trial besides its place, where that is not the default, as in "data
    /// binarized-mnist, steps 3000"; empty for nothing.</summary>
    public static string FixedIn(SearchSpec spec, Trial trial)
    {
        var given = trial.Settings.Where(pair => !spec.Random.ContainsKey(pair.Key)
            && pair.Key is not ("arity" or "batch-size" or "estimator" or "seed" or SearchData.Key or SearchData.ChecksumKey));
        var settings = new JsonObject(given.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        var (own, defaults) = (Document(Settings(settings) with { Data = DataOf(trial) }), Document(Defaults));
        return string.Join(", ", own.Where(pair => !JsonNode.DeepEquals(pair.Value, defaults[pair.Key]))
            .Select(pair => $"{pair.Key} {pair.Value}"));

        static JsonObject Document(VaeSettings all) => JsonSerializer.SerializeToNode(all, JsonText.Line)!.AsObject();
    }

    /// <summary>Tells whether a trial is on the data that the bounds of the paper are of.</summary>
    public static bool IsOnThePapersData(Trial trial) => DataOf(trial) == DataCatalog.FetchedName;

    /// <summary>Checks that a search is of the VAE.</summary>
    /// <param name="what">What is made of it, for the message.</param>
    /// <exception cref="InputException">It is not.</exception>
    public static void Require(SearchFolder search, string what)
    {
        if (search.Task is not VaeTrials)
            throw new InputException($"{search.Path} is a search of {search.Spec.Task}; {what} is of vae.");
    }

    // By the name of the set, wherever it lies; of one that has none by its checksum, if a search knows it.
    private static string DataOf(Trial trial) => trial.Settings[SearchData.ChecksumKey]?.ToString() is { } checksum
        ? DataCatalog.NameOf(checksum) ?? checksum
        : trial.Settings[SearchData.Key]?.ToString() ?? Defaults.Data;

    private static VaeSettings Settings(JsonObject settings) => new SettingsFile(settings, "").Over(Defaults).Validated();

    private MnistData Data(VaeSettings settings)
    {
        if (data is null || dataName != settings.Data) (data, dataName) = (settings.OpenData(), settings.Data);
        return data;
    }

    private sealed class Run(VaeTrials task, VaeSettings settings, JsonObject given) : ITrialRun
    {
        public string PlanKey => $"steps {given["steps"]}, validation-interval {given["validation-interval"]}";

        public TrialPlan Plan() => new(settings.Steps, settings.ValidationInterval);

        public void Open() => task.Data(settings);

        public TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
        {
            using var training = new VaeTask(settings, task.Data(settings), options.Threads);
            return TrialOutcome.Of(training, "validation-bound", bounds => bounds.Last(), folder, until, options, cancellation);
        }

        public Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options,
            CancellationToken cancellation)
        {
            var set = task.Data(settings).Of(split);
            var count = examples == 0 ? set.Count : Math.Min(examples, set.Count);
            using var model = VaeModel.OfRun(path, settings, task.Data(settings));
            using var bound = new ImportanceBound(model);
            var log = new BoundLog(path, JsonText.Word(split), model.Checksum(), count, samples,
                Seeds.For(settings.Seed, SeedPurpose.SearchBound));
            var activity = split == Split.Test ? Activity.TestBound : Activity.ValidBound;
            var result = log.Evaluate(bound, set, options.Threads, done => options.Progress?.Invoke(done, count, activity),
                cancellation);
            log.Delete();
            return new(result.Bound, result.StandardError, samples, count);
        }
    }
}

/// <summary>The outcome of the trials of a cell of the grid.</summary>
/// <param name="Trials">All of them.</param>
/// <param name="Best">The best by the validation score, of those that have ended; null where none has one.</param>
/// <param name="Final">What is reported of the best; null while trials are missing, of which another may turn out the
/// best.</param>
internal sealed record CellOutcome(IReadOnlyList<TrialState> Trials, TrialState? Best, FinalRecord? Final)
{
    /// <summary>The cell's place in the paper's tables; where trials draw it, that of the best.</summary>
    public (EstimatorName Estimator, int BatchSize, int Arity) Place { get; } = VaeTrials.CellOf((Best ?? Trials[0]).Trial);

    /// <summary>Tells whether the cell is on the data that the bounds of the paper are of; where trials draw them, the
    /// best.</summary>
    public bool IsOnThePapersData { get; } = VaeTrials.IsOnThePapersData((Best ?? Trials[0]).Trial);

    /// <summary>Tells whether a trial of the cell has ended.</summary>
    public bool HasEndedTrial => Trials.Any(state => state.Record is not null);

    /// <summary>The settings that the grid varies besides, as text; empty for none.</summary>
    public string Varied { get; } = VaeTrials.VariedIn(Trials[0].Trial.Cell);

    /// <summary>The outcomes of a search over the VAE, in the order of its grid.</summary>
    public static IReadOnlyList<CellOutcome> Of(SearchFolder search, IEnumerable<TrialState> states) =>
        [.. states.GroupBy(state => state.Trial.Cell.Name, StringComparer.Ordinal).Select(cell => Of(search, [.. cell]))];

    private static CellOutcome Of(SearchFolder search, List<TrialState> trials) => new(trials,
        Agenda.Best(trials, state => state.Record, search.Task.HigherIsBetter),
        Agenda.Final(trials, search.Task.HigherIsBetter));
}

/// <summary>The validation objective at a step of a trial's training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Bound">Nats.</param>
internal sealed record ValidationPoint(int Step, double Bound)
{
    /// <summary>Those of a trial of the VAE, from its metrics; none where it was not trained.</summary>
    public static IReadOnlyList<ValidationPoint> Of(SearchFolder search, Trial trial)
    {
        var folder = search.PathOf(trial);
        if (!File.Exists(Path.Combine(folder, "metrics.jsonl"))) return [];
        return [.. from line in MetricsLine.Read(folder)
                   let bound = line.Number("validation-bound")
                   where bound is not null
                   select new ValidationPoint(line.Step, bound.Value)];
    }
}
