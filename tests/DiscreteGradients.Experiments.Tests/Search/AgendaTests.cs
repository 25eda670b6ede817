using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class AgendaTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(40)]
    [InlineData(1000, Explicit = true)]
    public async Task WorkersThatEndTheTrialsOfACellAtOnceKeepTheModelOfTheBest(int rounds)
    {
        const int Workers = 4;
        var random = new Random(rounds);
        SearchRecord? record = null;
        Trial[] trials = [];
        double[] scores = [];
        var remaining = new List<int>();
        using var start = new Barrier(Workers, barrier =>
        {
            if (barrier.CurrentPhaseNumber % 2 == 1) return;
            // All have ended the last round; prepares the next.
            if (record is not null) remaining.Add(trials.Index().Where(pair => File.Exists(Checkpoint(record, pair.Item))).Aggregate(0, (set, pair) => set | 1 << pair.Index));
            if (record is not null) Assert.Equal(1 << Array.IndexOf(scores, scores.Min()), remaining[^1]);
            record = SearchRecord.Create(folder.At($"{remaining.Count}"), Workers);
            trials = [.. record.Search.Trials];
            scores = [.. trials.Select(_ => random.NextDouble())];
            foreach (var trial in trials) AtomicFile.Write(Checkpoint(record, trial), "");
        });
        var threads = Enumerable.Range(0, Workers).Select(i => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                start.SignalAndWait();
                var work = new Agenda(record!.Search);
                _ = work.Trainings().Count();   // knows what was recorded before it ended its own
                start.SignalAndWait();
                work.End(trials[i], Ended(trials[i], scores[i]));
            }
            start.SignalAndWait();
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(threads);
        Assert.Equal(rounds, remaining.Count);
    }

    [Fact]
    public void NoModelIsDeletedWhileATrialOfItsCellIsOpen()
    {
        var record = SearchRecord.Create(folder.At("search"), 3);
        var (work, trials) = (new Agenda(record.Search), record.Search.Trials);
        foreach (var trial in trials) AtomicFile.Write(Checkpoint(record, trial), "");
        work.End(trials[0], Ended(trials[0], 2));
        work.End(trials[1], Ended(trials[1], 1));
        Assert.Equal(3, trials.Count(trial => File.Exists(Checkpoint(record, trial))));
        work.End(trials[2], Ended(trials[2], 3));
        Assert.Equal([trials[1]], trials.Where(trial => File.Exists(Checkpoint(record, trial))));
    }

    [Fact]
    public void WhereAllAreReported_EachModelIsKeptUntilItIs()
    {
        var record = Like("all", spec => spec with { Evaluation = spec.Evaluation with { FinalOfAll = true } });
        var (work, trials) = (new Agenda(record.Search), record.Search.Trials);
        foreach (var trial in trials) AtomicFile.Write(Checkpoint(record, trial), "");
        work.End(trials[0], Ended(trials[0], 2));
        work.End(trials[1], new() { Status = RunStatus.Diverged, Steps = 7, Settings = trials[1].Settings, Version = "1" });
        Assert.Empty(work.Reports());       // a trial is open
        work.End(trials[2], Ended(trials[2], 1));
        Assert.Equal([trials[0], trials[2]], work.Reports());
        Assert.Equal([trials[0], trials[2]], Kept());
        record.Report(trials[2], 1, 1);
        work.Prune(trials[2].Cell);
        Assert.Equal([trials[0]], work.Reports());
        Assert.Equal([trials[0]], Kept());
        Assert.False(work.IsDone);
        record.Report(trials[0], 2, 2);
        Assert.True(work.IsDone);

        IEnumerable<Trial> Kept() => trials.Where(trial => File.Exists(Checkpoint(record, trial)));
    }

    [Fact]
    public void EveryModelStaysWhereTheyAreToBeKept()
    {
        var record = Like("kept", spec => spec with { KeepCheckpoints = true });
        var (work, trials) = (new Agenda(record.Search), record.Search.Trials);
        foreach (var trial in trials)
        {
            AtomicFile.Write(Checkpoint(record, trial), "");
            work.End(trial, Ended(trial, trial.Index));
        }
        Assert.All(trials, trial => Assert.True(File.Exists(Checkpoint(record, trial))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfEqualTrialsTheFirstIsTheBest(bool higherIsBetter)
    {
        var record = new TrialRecord { Status = RunStatus.Completed, Steps = 40, Settings = [], Validation = new(9, 0, 1, 1), Version = "1" };
        Assert.Equal("first", Agenda.Best<string>(["first", "second"], _ => record, higherIsBetter));
    }

    [Fact]
    public void AWantedModelThatIsGoneIsTrainedAgain()
    {
        var search = SmallSearch.Create(folder);
        SmallSearch.Run(search);
        var finals = search.Trials.Where(trial => search.FinalOf(trial) is not null).ToList();
        Assert.Equal(2, finals.Count);
        foreach (var trial in finals)
        {
            var path = Path.Combine(search.PathOf(trial), "final.json");
            var (before, result) = (File.ReadAllText(path), File.ReadAllText(Path.Combine(search.PathOf(trial), "metrics.jsonl")));
            File.Delete(path);
            File.Delete(RunFolder.CheckpointIn(search.PathOf(trial)));
            SmallSearch.Run(search);
            Assert.Equal(before, File.ReadAllText(path));
            Assert.Equal(result, File.ReadAllText(Path.Combine(search.PathOf(trial), "metrics.jsonl")));
        }
    }

    public void Dispose() => folder.Dispose();

    private SearchRecord Like(string name, Func<SearchSpec, SearchSpec> change) =>
        new(SearchFolder.Create(folder.At(name), change(SearchRecord.Create(folder.At("like"), 3).Search.Spec), SearchTasks.All));

    private static string Checkpoint(SearchRecord record, Trial trial) => RunFolder.CheckpointIn(record.Search.PathOf(trial));

    private static TrialRecord Ended(Trial trial, double score) =>
        new() { Status = RunStatus.Completed, Steps = 40, Settings = trial.Settings, Validation = new(score, 0, 1, 1), Version = "1" };
}
