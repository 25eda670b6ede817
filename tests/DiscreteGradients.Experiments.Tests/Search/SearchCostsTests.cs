using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>The work left of trials of 40 steps, beside a cell whose one trial is tested: 0.1 s a step, 2 s a score, 6 s a
/// report.</summary>
public sealed class SearchCostsTests
{
    private static readonly Score Score = new(100, 0.5, 5000, 10_000);
    private static readonly Cell Open = Named("open");
    private static readonly TrialState Tested = new(new(Named("tested"), 0, []), Ended(RunStatus.Completed, 40, Score), new(Score, Score, "1"),
        new(0.1, 2, 6));

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 12)]
    public void ReportsToComeCountThePruningToCome(bool isOfAll, double reports)
    {
        var work = Of(isOfAll, new Halving([10], 0.5), [.. Enumerable.Range(0, 4).Select(i => new TrialState(new(Open, i, []), null, null))]);
        // Four trials to step 10, two of them on to 40, and scored.
        Assert.Equal((4 * 10 + 2 * 30) * 0.1 + 2 * 2 + reports, work.Left, 1e-9);
        Assert.Equal(4 + 2, work.Done, 1e-9);
        Assert.Equal(4 + 2, work.Longest, 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACellOfWhichNoTrialCompletedHasNothingToReport(bool isOfAll)
    {
        var work = Of(isOfAll, null, new(new(Open, 0, []), Ended(RunStatus.Diverged, 5), null), new(new(Open, 1, []), Ended(RunStatus.Failed, 0), null));
        Assert.Equal(0, work.Left, 1e-9);
        Assert.Equal(4 + 2 + 0.5, work.Done, 1e-9);
        Assert.Equal(0, work.Longest);
    }

    private static SearchCosts Of(bool isOfAll, Halving? halving, params TrialState[] states) =>
        SearchCosts.Of([Tested, .. states], [], _ => 40, isOfAll, higherIsBetter: false, halving);

    private static Cell Named(string name) => Cell.Of(new JsonObject { ["estimator"] = name });

    private static TrialRecord Ended(RunStatus status, int steps, Score? validation = null) =>
        new() { Status = status, Steps = steps, Settings = [], Validation = validation, Version = "1" };
}
