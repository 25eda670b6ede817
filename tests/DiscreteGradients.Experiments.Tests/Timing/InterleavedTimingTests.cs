using DiscreteGradients.Experiments.Timing;

namespace DiscreteGradients.Experiments.Tests.Timing;

public sealed class InterleavedTimingTests
{
    [Fact]
    public void ContestantsTakeTurnsThereAndBack_EachPreparedAndClearedUp()
    {
        var said = "";
        var seconds = InterleavedTiming.Seconds([Of("a"), Of("b")], TimeSpan.FromTicks(1), progress: null, TestContext.Current.CancellationToken);
        // Twice each to warm up, then the fewest rounds.
        Assert.Equal("(aa)(bb)" + "(a)(b)(b)(a)(a)(b)(b)(a)(a)(b)", said);
        Assert.Equal([5, 5], seconds.Select(rounds => rounds.Length));

        Timed Of(string name) => new(() => Say(name), () => said += "(", () => said += ")");

        // Longer than the clock's resolution.
        void Say(string name)
        {
            Thread.Sleep(1);
            said += name;
        }
    }

    [Fact]
    public void TheProgressEndsAtOne()
    {
        var progress = new List<double>();
        InterleavedTiming.Seconds(
            [new(() => Thread.Sleep(1))], TimeSpan.FromTicks(1), progress.Add, TestContext.Current.CancellationToken);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1], progress);
    }

    [Fact]
    public void WhoFailsIsClearedUpToo()
    {
        var said = "";
        var failing = new Timed(() => throw new InvalidOperationException("out of order"), () => said += "(", () => said += ")");
        Assert.Throws<InvalidOperationException>(() =>
            InterleavedTiming.Seconds([failing], TimeSpan.FromTicks(1), progress: null, TestContext.Current.CancellationToken));
        Assert.Equal("()", said);
    }
}
