using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class TrialTaskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheSettingsOfATrialAreReadOnce()
    {
        var counted = new Replaced(run => run);
        var search = SmallSearch.Create(folder, tasks: Only(counted));
        SmallSearch.Run(search);
        Assert.True(new Agenda(search).IsDone);
        Assert.Equal(search.Trials.Count, counted.Reads);
    }

    /// <summary>The training went well, the score of its model is no number: nothing is selected by it.</summary>
    [Fact]
    public void ATrialWhoseScoreIsNoNumberHasDiverged()
    {
        var search = SmallSearch.Create(folder, tasks: Only(new Replaced(run => new Unscored(run))));
        SmallSearch.Run(search);
        Assert.All(SearchIndex.Load(search), state => Assert.Equal((RunStatus.Diverged, null, null), (state.Record!.Status, state.Record.Validation, state.Final)));
    }

    [Fact]
    public void ATrialThatFailsThreeTimesIsGivenUpWithTheReason_AndNoOtherIs()
    {
        var failing = new List<Failing>();
        // The settings are read in the order of the trials.
        var search = SmallSearch.Create(folder, tasks: Only(new Replaced(run =>
        {
            if (failing.Count > 0) return run;
            failing.Add(new(run));
            return failing[0];
        })));
        SmallSearch.Run(search);
        Assert.Equal(3, failing[0].Trainings);
        var records = SearchIndex.Load(search).Select(state => state.Record!).ToList();
        Assert.Equal((RunStatus.Failed, 0), (records[0].Status, records[0].Steps));
        Assert.Equal(Failing.Reason, records[0].Reason);
        Assert.All(records.Skip(1), record => Assert.Equal((RunStatus.Completed, 6), (record.Status, record.Steps)));
        Assert.Equal(Failing.Reason, SearchSummary.Of(search).Failures[search.Trials[0].Path]);
        Assert.True(new Agenda(search).IsDone);
    }

    [Fact]
    public void TrialsOfOtherSizesHaveOtherKeys()
    {
        foreach (var (name, count) in new[] { ("few", 20), ("many", 30) })
        {
            File.WriteAllLines(folder.At(name), Enumerable.Range(0, 2 * count)
                .Select(i => $"9\t[MAX {i % 10} {(i < count ? "" : "3 ")}9 ]"));
        }
        AssertKeys(new ListOpsTrials(), Trees(), Trees(data: "many"), Trees(length: 5), Trees(batch: 9), Trees(epochs: 3));
        AssertKeys(new VaeTrials(), Steps(40, 10), Steps(50, 10), Steps(40, 20), new JsonObject());

        JsonObject Trees(string data = "few", int length = 4, int batch = 6, int epochs = 2) =>
            new() { ["data"] = folder.At(data), ["max-length"] = length, ["batch-size"] = batch, ["epochs"] = epochs };

        static JsonObject Steps(int steps, int interval) => new() { ["steps"] = steps, ["validation-interval"] = interval };

        static void AssertKeys(ITrialTask task, params JsonObject[] settings)
        {
            var runs = settings.Select(task.Read).ToList();
            Assert.All(runs.Skip(1), run => Assert.NotEqual(runs[0].Plan(), run.Plan()));
            Assert.All(runs.Skip(1), run => Assert.NotEqual(runs[0].PlanKey, run.PlanKey));
        }
    }

    [Fact]
    public void ASearchThatWasBegunWithNumbersWithoutEffectGoesOn_AndNoneIsBegun()
    {
        var spec = new SearchSpec { Task = "listops", Trials = 1, Settings = new JsonObject { ["max-length"] = 5 } };
        var idle = spec with { Evaluation = spec.Evaluation with { SelectionExamples = 5 } };
        var message = Assert.Throws<InputException>(() => SearchFolder.Create(folder.At("none"), idle, SearchTasks.All)).Message;
        Assert.Equal("selection-examples is 5; expected none: listops is scored on all expressions, without samples.", message);
        var path = SearchFolder.SpecPath(SearchFolder.Create(folder.At("old"), spec, SearchTasks.All).Path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"selection-examples\": 0", "\"selection-examples\": 5", StringComparison.Ordinal));
        Assert.Equal(5, SearchFolder.Create(folder.At("old"), SearchFolder.Read(folder.At("old")), SearchTasks.All).Spec.Evaluation.SelectionExamples);
    }

    [Fact]
    public void ATaskThatTheCallerHasNotIsNamed()
    {
        var message = Assert.Throws<InputException>(() => SearchFolder.Create(folder.At("none"), new SearchSpec { Task = "none" }, SearchTasks.All)).Message;
        Assert.Equal("task is 'none'; expected vae or listops.", message);
    }

    // As older workers write it into the files of a search that newer ones take part in.
    [Theory]
    [InlineData(nameof(Activity.Training), "training")]
    [InlineData(nameof(Activity.ValidBound), "valid bound")]
    [InlineData(nameof(Activity.TestBound), "test bound")]
    [InlineData(nameof(Activity.ValidAccuracy), "valid accuracy")]
    [InlineData(nameof(Activity.TestAccuracy), "test accuracy")]
    public void AnActivityIsATextInFiles(string activityName, string text)
    {
        var activity = Enum.Parse<Activity>(activityName);
        Assert.Equal(text, JsonText.Word(activity));
        Assert.Equal(activity, JsonSerializer.Deserialize<Activity>($"\"{text}\"", JsonText.Line));
    }

    [Fact]
    public void AnEpochOfListOpsEndsWithABatchThatIsNotFull()
    {
        // Eleven trees, one of which is for validation, in batches of nine.
        Directory.CreateDirectory(folder.At("data"));
        folder.Write("data/train.tsv", string.Concat(Enumerable.Range(0, 10).Select(i => $"9\t[MAX {i} 9 ]\n")) + "3\t[MIN 3 4 ]\n");
        var settings = new JsonObject { ["data"] = folder.At("data"), ["max-length"] = 6, ["epochs"] = 3, ["batch-size"] = 9 };
        Assert.Equal(new TrialPlan(6, 2), new ListOpsTrials().Read(settings).Plan());
    }

    [Fact]
    public void OfSeveralDataSetsEachHasItsOwnPlan()
    {
        var task = new ListOpsTrials();
        // A tenth is for validation.
        Assert.Equal(new TrialPlan(9, 3), PlanOf("few", 20));
        Assert.Equal(new TrialPlan(18, 6), PlanOf("many", 40));

        TrialPlan PlanOf(string name, int lines)
        {
            File.WriteAllLines(folder.At(name), Enumerable.Range(0, lines).Select(i => $"{i % 10}\t( ( [MAX {i % 10} ) ] )"));
            return task.Read(new JsonObject { ["data"] = folder.At(name), ["epochs"] = 3, ["batch-size"] = 6 }).Plan();
        }
    }

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, Func<ITrialTask>> Only(ITrialTask task) => new(StringComparer.Ordinal) { ["vae"] = () => task };

    /// <summary>The task of the VAE, which counts what is read, with another run in the place of its own.</summary>
    private sealed class Replaced(Func<ITrialRun, ITrialRun> replace) : ITrialTask
    {
        private readonly ITrialTask inner = SearchTasks.All["vae"]();

        public int Reads { get; private set; }

        public bool HigherIsBetter => inner.HigherIsBetter;

        public string Unit => inner.Unit;

        public SearchData OpenData(string data) => inner.OpenData(data);

        public ITrialRun Read(JsonObject settings)
        {
            Reads++;
            return replace(inner.Read(settings));
        }

        public IReadOnlyList<string> Departures(SearchSpec spec) => inner.Departures(spec);
    }

    /// <summary>A run with an error of ours.</summary>
    private sealed class Failing(ITrialRun inner) : ITrialRun
    {
        public const string Reason = "InvalidTimeZoneException: of this test";

        public int Trainings { get; private set; }

        public string PlanKey => inner.PlanKey;

        public TrialPlan Plan() => inner.Plan();

        public void Open() => inner.Open();

        public TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation)
        {
            Trainings++;
            throw new InvalidTimeZoneException("of this test");
        }

        public Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options, CancellationToken cancellation) =>
            inner.Evaluate(path, split, samples, examples, options, cancellation);
    }

    /// <summary>A run whose model cannot be scored.</summary>
    private sealed class Unscored(ITrialRun inner) : ITrialRun
    {
        public string PlanKey => inner.PlanKey;

        public TrialPlan Plan() => inner.Plan();

        public void Open() => inner.Open();

        public TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation) =>
            inner.Train(folder, until, options, cancellation);

        public Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options, CancellationToken cancellation) =>
            new(double.NaN, 0, samples, examples);
    }
}
