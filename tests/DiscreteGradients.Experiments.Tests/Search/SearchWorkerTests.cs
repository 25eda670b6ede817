using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>The scores that a worker finds, by other ways to the same numbers.</summary>
public sealed class SearchWorkerTests : IDisposable
{
    private static readonly MnistData Data = TestData.Mnist();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TrialsAreSelectedOnTheValidationSet_AndReportedOnTheTestSet()
    {
        var search = SmallSearch.Create(folder);
        SmallSearch.Run(search);
        var tested = SearchIndex.Load(search).Where(state => state.Final is not null).ToList();
        Assert.Equal(2, tested.Count);      // of two cells
        foreach (var state in tested)
        {
            var (path, run) = (search.PathOf(state.Trial), search.RunOf(state.Trial));
            var settings = new SettingsFile(state.Trial.Settings, "").Over(new VaeSettings());
            var seed = Seeds.For(settings.Seed, SeedPurpose.SearchBound);
            using var model = VaeModel.OfRun(path, settings, Data);
            using var bound = new ImportanceBound(model);
            AssertEqual(bound.Evaluate(Data.Valid, 3, 2, seed, 1), state.Record!.Validation!);
            AssertEqual(bound.Evaluate(Data.Test, 4, 3, seed, 1), state.Final!.Test);
            Assert.Equal(Data.Valid.Count, Evaluate(Split.Valid, 0).Examples);
            Assert.Equal(Data.Test.Count, Evaluate(Split.Test, 0).Examples);
            Assert.Equal(Data.Test.Count, Evaluate(Split.Test, 99).Examples);

            Score Evaluate(Split split, int examples) =>
                run.Evaluate(path, split, 1, examples, new(1, TimeSpan.MaxValue), TestContext.Current.CancellationToken);
        }

        static void AssertEqual(BoundResult expected, Score score)
        {
            Assert.Equal(expected.Bound, score.Value, 1e-9);
            Assert.Equal(expected.StandardError, score.StandardError, 1e-9);
        }
    }

    /// <summary>One set of several is enough: no trial is trained that could not be reported.</summary>
    [Fact]
    public void WithoutATestSetOfEachOfItsDataNoSearchTrains()
    {
        foreach (var name in (string[])["whole", "part"])
        {
            Directory.CreateDirectory(folder.At(name));
            folder.Write($"{name}/train.tsv", string.Concat(Enumerable.Repeat("9\t[MAX 2 9 ]\n", 20)));
        }
        folder.Write("whole/test.tsv", "9\t[MAX 2 9 ]\n");
        var search = SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "listops",
            Trials = 1,
            Settings = new() { ["epochs"] = 1, ["estimator"] = "st" },
            Grid =
            [
                new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["data"] = [folder.At("whole"), folder.At("part")] },
            ],
        }, SearchTasks.All, TestContext.Current.CancellationToken);
        Assert.StartsWith($"{folder.At("part")} has no test set; expected ",
            Assert.Throws<InputException>(() => SmallSearch.Run(search)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(search.Path, "trials")));
    }

    [Fact]
    public void ARungHasTheValidationOfItsStep_AndTheBetterTrialGoesOn()
    {
        var spec = SmallSearch.Create(folder).Spec with { Halving = new([3], 0.5) };
        var search = SearchFolder.Create(folder.At("halved"), spec, SearchTasks.All);
        SmallSearch.Run(search);
        foreach (var cell in search.Trials.GroupBy(trial => trial.Cell.Name, StringComparer.Ordinal))
        {
            foreach (var trial in cell)
                Assert.Equal((3, search.RungOf(trial, 3)!.Validation), At(search, trial));
            var best = cell.MinBy(trial => At(search, trial).Bound)!;
            Assert.All(cell, trial => Assert.Equal(
                trial == best ? (RunStatus.Completed, 6) : (RunStatus.Pruned, 3),
                (search.RecordOf(trial)!.Status, search.RecordOf(trial)!.Steps)));
            Assert.NotNull(search.FinalOf(best));
        }

        static (int Step, double Bound) At(SearchFolder search, Trial trial)
        {
            var first = ValidationPoint.Of(search, trial)[0];
            return (first.Step, first.Bound);
        }
    }

    /// <summary>As its message advises where the record of a rung is damaged; by then the model may be past the rung.</summary>
    [Fact]
    public void ARungThatIsDeletedIsWrittenAgainWithTheValidationOfItsStep()
    {
        var spec = SmallSearch.Create(folder).Spec;
        var settings = spec.Settings.DeepClone().AsObject();
        settings["steps"] = 9;
        var search = SearchFolder.Create(folder.At("halved"), spec with { Settings = settings, Halving = new([3, 6], 0.9) },
            SearchTasks.All);
        SmallSearch.Run(search);
        // The best of a cell, whose model is kept.
        var path = search.PathOf(search.Trials.First(trial => search.FinalOf(trial) is not null));
        string[] names = ["rung-3.json", "rung-6.json", "trial.json", "final.json"];
        var before = names.Select(name => File.ReadAllText(Path.Combine(path, name))).ToList();
        Delete();
        SmallSearch.Run(search);
        Assert.Equal(before, names.Select(name => File.ReadAllText(Path.Combine(path, name))));

        Delete();
        var metrics = Path.Combine(path, "metrics.jsonl");
        var others = File.ReadAllText(metrics).Replace("validation-bound", "validation-bounx", StringComparison.Ordinal);
        File.WriteAllText(metrics, others);
        Assert.StartsWith($"{metrics} has no validation-bound of step 3, which was trained to; expected one.",
            Assert.Throws<InputException>(() => SmallSearch.Run(search)).Message, StringComparison.Ordinal);

        void Delete()
        {
            foreach (var name in names) File.Delete(Path.Combine(path, name));
        }
    }

    /// <summary>So that the time left and the core-hours can be told; what an evaluation keeps on its way is gone.</summary>
    [Fact]
    public void EachPieceOfWorkHasItsLineOfTime()
    {
        var search = SmallSearch.Create(folder);
        SmallSearch.Run(search);
        foreach (var state in SearchIndex.Load(search))
        {
            var path = search.PathOf(state.Trial);
            var lines = TimingLine.Read(path);
            string[] evaluated = state.Final is null ? ["valid"] : ["valid", "test"];
            Assert.Equal(evaluated, lines.Select(line => line.Evaluated).OfType<string>());
            Assert.All(lines.Where(line => line.Evaluated is not null), line => Assert.Equal((6, 0.0), (line.Step, line.StepsPerSecond)));
            Assert.All(lines, line => Assert.True(line.Seconds > 0 && line.ProcessorSeconds >= 0, $"{line}"));
            Assert.True(state.Cost is { Step: > 0, Selection: > 0, Processor: not null }, $"{state.Cost}");
            Assert.Equal(state.Final is null, state.Cost!.Report is null);
            Assert.Empty(Directory.EnumerateFiles(path, "*.partial.jsonl"));
        }
    }

    [Fact]
    public void ProgressIsToldOfEachActivity_UpToTheEnd()
    {
        var search = SmallSearch.Create(folder);
        var (trial, told) = (search.Trials[0], new List<(double Done, double All, Activity What)>());
        var options = new TrialOptions(1, TimeSpan.MaxValue, (done, all, what) => told.Add((done, all, what)));
        using (var run = RunFolder.Open(search.PathOf(trial)))
            search.RunOf(trial).Train(run, 6, options, TestContext.Current.CancellationToken);
        Assert.Equal([(3.0, 6.0, Activity.Training), (6.0, 6.0, Activity.Training)], told);
        search.RunOf(trial).Evaluate(search.PathOf(trial), Split.Valid, 1, 4, options, TestContext.Current.CancellationToken);
        Assert.Equal((4.0, 4.0, Activity.ValidBound), told[^1]);
        search.RunOf(trial).Evaluate(search.PathOf(trial), Split.Test, 1, 0, options, TestContext.Current.CancellationToken);
        Assert.Equal((5.0, 5.0, Activity.TestBound), told[^1]);
    }

    /// <summary>A worker that takes a trial up says the pace of its own steps, at any pace; an evaluation has none.</summary>
    [Fact]
    public void AHeartbeatTellsThePaceOfTheStepsSinceTheTrialWasTakenUp()
    {
        const System.Reflection.BindingFlags Own = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
        var search = SmallSearch.Create(folder);
        using var registration = new WorkerRegistration(search.Workers);
        var worker = new SearchWorker(search, new(1, TimeSpan.MaxValue), waits: false);
        var options = (TrialOptions)typeof(SearchWorker).GetMethod("Options", Own)!.Invoke(worker, [registration, search.Trials[0]])!;
        options.Progress!(1000, 2000, Activity.Training);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Thread.Sleep(20);
        var passed = clock.Elapsed.TotalSeconds;        // at most what the worker's own clock says
        options.Progress(1010, 2000, Activity.Training);
        var state = Beaten();
        Assert.Equal((search.Trials[0].Path, 1010.0, 2000.0), (state.Trial, state.Done, state.All));
        Assert.InRange(state.StepsPerSecond * passed, double.Epsilon, 10.0);
        options.Progress(3, 4, Activity.ValidBound);
        state = Beaten();
        Assert.Equal((3.0, 4.0, 0.0), (state.Done, state.All, state.StepsPerSecond));
        Assert.Equal(Activity.ValidBound, state.Activity);

        WorkerState Beaten()
        {
            typeof(WorkerRegistration).GetMethod("Beat", Own)!.Invoke(registration, null);
            return Assert.Single(WorkerRegistration.All(search.Workers)).State;
        }
    }

    public void Dispose() => folder.Dispose();
}
