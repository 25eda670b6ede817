using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>Whose fault it is when a trial cannot be run or reported.</summary>
public sealed class WorkerFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private Exception? ofTraining;
    private Func<string, Exception?> ofReport = _ => null;
    private int reports;

    [Fact]
    public void AFullDiskIsNoFaultOfATrial_HoweverOftenItIsMet()
    {
        var search = Search();
        ofTraining = new IOException("no space");
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.Same(ofTraining, Assert.Throws<IOException>(() => SmallSearch.Run(search)));
            Assert.All(search.Trials, trial => Assert.Null(search.RecordOf(trial)));
        }
        ofTraining = null;
        SmallSearch.Run(search);
        Assert.All(search.Trials, trial => Assert.Equal(RunStatus.Completed, search.RecordOf(trial)!.Status));
    }

    [Fact]
    public void DataThatAreMissingAreNoFaultOfATrialEither()
    {
        var search = Search();
        ofTraining = new InputException("the data are gone");
        for (var attempt = 0; attempt < 4; attempt++)
            Assert.Same(ofTraining, Assert.Throws<InputException>(() => SmallSearch.Run(search)));
        ofTraining = null;
        SmallSearch.Run(search);
        Assert.True(new Agenda(search).IsDone);
    }

    [Fact]
    public void AReportThatFailsThreeTimesEndsTheSearchWithTheReason_WhenAllElseIsDone()
    {
        var search = Search();
        // Of the cell that comes first.
        ofReport = path =>
            path.Contains("arity=8", StringComparison.Ordinal) ? new InvalidTimeZoneException("of this test") : null;
        var message = Assert.Throws<InputException>(() => SmallSearch.Run(search)).Message;
        Assert.Equal(3 + 1, reports);
        Assert.All(search.Trials, trial => Assert.NotNull(search.RecordOf(trial)));
        var reported = Assert.Single(search.Trials, trial => search.FinalOf(trial) is not null);
        Assert.Equal("arity=2", reported.Cell.Name);
        // It stays given up.
        Assert.Equal(message, Assert.Throws<InputException>(() => SmallSearch.Run(search)).Message);
        Assert.Equal(3 + 1, reports);
        var trial = Assert.Single(search.Trials, trial => message.StartsWith(search.PathOf(trial), StringComparison.Ordinal));
        Assert.Equal($"{search.PathOf(trial)} could not be evaluated: InvalidTimeZoneException: of this test", message);
        // What it was trained for is not lost.
        Assert.Equal(RunStatus.Completed, search.RecordOf(trial)!.Status);
        Assert.Null(search.FinalOf(trial));
    }

    public void Dispose() => folder.Dispose();

    private SearchFolder Search() => SmallSearch.Create(folder,
        tasks: new Dictionary<string, Func<ITrialTask>>(StringComparer.Ordinal) { ["vae"] = () => new FaultyTask(this) });

    private sealed class FaultyTask(WorkerFaultTests test) : ITrialTask
    {
        private readonly ITrialTask inner = SearchTasks.All["vae"]();

        public bool HigherIsBetter => inner.HigherIsBetter;

        public string Unit => inner.Unit;

        public SearchData OpenData(string data) => inner.OpenData(data);

        public ITrialRun Read(JsonObject settings) => new FaultyRun(test, inner.Read(settings));

        public IReadOnlyList<string> Departures(SearchSpec spec) => inner.Departures(spec);
    }

    private sealed class FaultyRun(WorkerFaultTests test, ITrialRun inner) : ITrialRun
    {
        public string PlanKey => inner.PlanKey;

        public TrialPlan Plan() => inner.Plan();

        public void Open() => inner.Open();

        public TrialOutcome Train(RunFolder folder, int until, TrialOptions options, CancellationToken cancellation) =>
            test.ofTraining is { } error ? throw error : inner.Train(folder, until, options, cancellation);

        public Score Evaluate(string path, Split split, int samples, int examples, TrialOptions options,
            CancellationToken cancellation)
        {
            if (split == Split.Test) test.reports++;
            return split == Split.Test && test.ofReport(path) is { } error ? throw error
                : inner.Evaluate(path, split, samples, examples, options, cancellation);
        }
    }
}
