using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class SearchIndexTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void WhatIsRecordedAfterAReaderCameIsSeenByTheNext()
    {
        var record = SearchRecord.Create(folder.At("search"), 2);
        Assert.All(SearchIndex.Load(record.Search), state => Assert.Null(state.Record));
        foreach (var trial in record.Search.Trials) record.End(trial, 101 - trial.Index);
        Assert.Equal([101, 100], SearchIndex.Load(record.Search).Select(state => state.Record!.Validation!.Value));
        record.Report(record.Search.Trials[1], 100, 98);
        Assert.Equal([null, 98], SearchIndex.Load(record.Search).Select(state => state.Final?.Test.Value));
        // As after a trial that was put to the test once more. The date of a file goes by ticks of the system, of up to 10 ms.
        Thread.Sleep(20);
        record.Report(record.Search.Trials[1], 100, 97);
        Assert.Equal([null, 97], SearchIndex.Load(record.Search).Select(state => state.Final?.Test.Value));
        // As after a trial that was run once more, and one that is to be.
        record.End(record.Search.Trials[0], 95);
        Assert.Equal([95, 100], SearchIndex.Load(record.Search).Select(state => state.Record!.Validation!.Value));
        File.Delete(Path.Combine(record.Search.PathOf(record.Search.Trials[0]), "trial.json"));
        Assert.Equal([null, 100], SearchIndex.Load(record.Search).Select(state => state.Record?.Validation!.Value));
    }

    [Fact]
    public void ScoresAreOfTheSamplesAndExamplesThatTheSearchAsksFor()
    {
        var search = SmallSearch.Create(folder);
        SmallSearch.Run(search);
        var (evaluation, states) = (search.Spec.Evaluation, SearchIndex.Load(search));
        Assert.All(states, state => Assert.Equal((evaluation.SelectionSamples, evaluation.SelectionExamples), Effort(state.Record!.Validation!)));
        var tested = states.Where(state => state.Final is not null).ToList();
        Assert.Equal(2, tested.Count);      // of two cells
        Assert.All(tested, state => Assert.Equal((evaluation.FinalSamples, evaluation.FinalExamples), Effort(state.Final!.Test)));
        Assert.All(tested, state => Assert.Equal(state.Record!.Validation, state.Final!.Validation));

        static (int, int) Effort(Score score) => (score.Samples, score.Examples);
    }

    public void Dispose() => folder.Dispose();
}
