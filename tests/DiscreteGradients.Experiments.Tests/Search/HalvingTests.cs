using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>Successive halving on a search's record: who waits, who goes on, who is pruned.</summary>
public sealed class HalvingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<int, double, int> Parts => new()
    {
        { 12, 1 / 3.0, 4 }, { 4, 0.5, 2 }, { 5, 0.5, 3 }, { 7, 0.3, 3 }, { 3, 0.01, 1 }, { 3, 0.99, 3 }, { 1, 0.5, 1 },
        { 20, 0.55, 11 }, { 3, 2 / 3.0, 2 },   // 0.55 · 20 is a little more than 11 in binary numbers
    };

    [Theory, MemberData(nameof(Parts))]
    public void ExactlyTheBestPartRoundedUpGoesOn(int trials, double keep, int kept)
    {
        var (search, work) = Search(trials, new([10, 20], keep));
        Assert.Equal(search.Trials.Select(trial => (trial, 10)), work.Trainings());
        // The later a trial, the better (nats: lower).
        foreach (var trial in search.Trials) Reach(search, trial, 10, 100 - trial.Index);
        var going = work.Trainings().ToList();
        Assert.Equal(search.Trials.Skip(trials - kept).Select(trial => (trial, 20)), going);
        Assert.All(search.Trials.Take(trials - kept), trial =>
            Assert.Equal((RunStatus.Pruned, 10), (search.RecordOf(trial)!.Status, search.RecordOf(trial)!.Steps)));
        // The second rung counts those that reached it.
        foreach (var (trial, _) in going) Reach(search, trial, 20, trial.Index);
        var last = (int)Math.Ceiling(keep * kept);
        Assert.Equal(search.Trials.Skip(trials - kept).Take(last).Select(trial => (trial, 40)), work.Trainings());
    }

    [Fact]
    public void ATrialWaitsForTheOthersOfItsCellOnly()
    {
        var (search, work) = Search(2, new([10], 0.5), ("arity", [2, 4]));
        var (one, other) = (search.Trials.Where(t => t.Cell == search.Trials[0].Cell).ToList(), search.Trials.Where(t => t.Cell != search.Trials[0].Cell).ToList());
        Reach(search, one[0], 10, 90);
        Assert.Equal(new[] { one[1], other[0], other[1] }.ToHashSet(), work.Trainings().Select(training => training.Trial).ToHashSet());
        Reach(search, one[1], 10, 80);
        Assert.Equal(new[] { (one[1], 40), (other[0], 10), (other[1], 10) }.ToHashSet(), work.Trainings().ToHashSet());
        Assert.Equal(RunStatus.Pruned, search.RecordOf(one[0])!.Status);
        Assert.All(other, trial => Assert.Null(search.RecordOf(trial)));
    }

    [Fact]
    public void ATrialThatEndedBeforeTheRungIsNotWaitedForAndTakesNoPlace()
    {
        var (search, work) = Search(4, new([10], 0.5));
        var trials = search.Trials;
        work.End(trials[0], new() { Status = RunStatus.Diverged, Steps = 3, Settings = trials[0].Settings, Version = "1" });
        foreach (var trial in trials.Skip(1)) Reach(search, trial, 10, 100 + trial.Index);
        // Half of three, rounded up.
        Assert.Equal([trials[1], trials[2]], work.Trainings().Select(training => training.Trial));
        Assert.Equal(RunStatus.Pruned, search.RecordOf(trials[3])!.Status);
    }

    [Fact]
    public void TrialsThatAreAddedHaveThePlacesOfAllThatReachedTheRung()
    {
        var (search, work) = Search(2, new([10, 20], 0.5));
        Reach(search, search.Trials[0], 10, 100);
        Reach(search, search.Trials[1], 10, 101);
        Assert.Equal([(search.Trials[0], 20)], work.Trainings());
        Reach(search, search.Trials[0], 20, 90);
        var (settings, completed) = (search.Trials[0].Settings, RunStatus.Completed);
        work.End(search.Trials[0], new() { Status = completed, Steps = 40, Settings = settings, Version = "1" });
        // Two of four go on: the first did, the second was pruned, so that the better of the two that came has a place.
        var more = SearchFolder.Create(search.Path, search.Spec with { Trials = 4 }, SearchTasks.All);
        Reach(more, more.Trials[2], 10, 102);
        Reach(more, more.Trials[3], 10, 103);
        Assert.Equal([(more.Trials[2], 20)], new Agenda(more).Trainings());
        Assert.Equal(new RunStatus?[] { completed, RunStatus.Pruned, null, RunStatus.Pruned },
            more.Trials.Select(trial => more.RecordOf(trial)?.Status));
        // Who was pruned at the first rung did not reach the second: one of the two that did goes on there.
        Reach(more, more.Trials[2], 20, 91);
        Assert.Empty(new Agenda(more).Trainings());
        Assert.Equal((RunStatus.Pruned, 20), (more.RecordOf(more.Trials[2])!.Status, more.RecordOf(more.Trials[2])!.Steps));
    }

    /// <summary>It reached the rung as the others did, and went on from there.</summary>
    [Fact]
    public void WhoWasPrunedAtALaterRungKeepsItsPlaceAtTheEarlier()
    {
        var (search, work) = Search(4, new([10, 20], 0.5));
        foreach (var trial in search.Trials) Reach(search, trial, 10, 100 + trial.Index);
        Assert.Equal([(search.Trials[0], 20), (search.Trials[1], 20)], work.Trainings());
        Reach(search, search.Trials[0], 20, 90);
        Reach(search, search.Trials[1], 20, 91);
        Assert.Equal([(search.Trials[0], 40)], work.Trainings());
        work.End(search.Trials[0], new() { Status = RunStatus.Completed, Steps = 40, Settings = search.Trials[0].Settings, Version = "1" });
        // Three of six go on: the two that did, and the better of the two that came.
        var more = SearchFolder.Create(search.Path, search.Spec with { Trials = 6 }, SearchTasks.All);
        Reach(more, more.Trials[4], 10, 104);
        Reach(more, more.Trials[5], 10, 105);
        Assert.Equal([(more.Trials[4], 20)], new Agenda(more).Trainings());
        Assert.Equal((RunStatus.Pruned, 10), (more.RecordOf(more.Trials[5])!.Status, more.RecordOf(more.Trials[5])!.Steps));
        Assert.Equal((RunStatus.Pruned, 20), (more.RecordOf(more.Trials[1])!.Status, more.RecordOf(more.Trials[1])!.Steps));
    }

    /// <summary>The first of four is past both rungs when four better ones are added. It is left behind at the first rung, now or
    /// when the worker that trains it lets go; the added trials fare the same.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoIsLeftBehindForTrialsThatAreAddedTakesNoPlaceAtALaterRung(bool isBeingTrained)
    {
        var (search, work) = Search(4, new([10, 20], 0.5));
        foreach (var trial in search.Trials) Reach(search, trial, 10, 100 + trial.Index);
        Assert.Equal([(search.Trials[0], 20), (search.Trials[1], 20)], work.Trainings());
        Reach(search, search.Trials[0], 20, 90);
        Reach(search, search.Trials[1], 20, 95);
        Assert.Equal([(search.Trials[0], 40)], work.Trainings());
        var more = SearchFolder.Create(search.Path, search.Spec with { Trials = 8 }, SearchTasks.All);
        var (first, added) = (more.Trials[0], more.Trials.Skip(4).ToList());
        using var other = new WorkerRegistration(more.Workers);
        var lease = isBeingTrained ? TrialLease.Take(more.PathOf(first), more.Workers, other.Id) : null;

        foreach (var trial in added) Reach(more, trial, 10, 92 + trial.Index);
        Assert.Equal(added.Select(trial => (trial, 20)), new Agenda(more).Trainings());
        Assert.Equal(isBeingTrained, more.RecordOf(first) is null);
        foreach (var (trial, validation) in added.Zip([88.0, 92.0, 93.0, 94.0])) Reach(more, trial, 20, validation);
        // Half of the six that reached it.
        Assert.Equal(added.Take(3).Select(trial => (trial, 40)), new Agenda(more).Trainings());
        Assert.Equal((RunStatus.Pruned, 20), (more.RecordOf(added[3])!.Status, more.RecordOf(added[3])!.Steps));

        Assert.Equal(isBeingTrained, more.RecordOf(first) is null);
        lease?.Release();
        Assert.Equal(3, new Agenda(more).Trainings().Count());
        Assert.Equal((RunStatus.Pruned, 10), (more.RecordOf(first)!.Status, more.RecordOf(first)!.Steps));
    }

    /// <summary>The worker that has its lease may be at its last step, and records what it comes to.</summary>
    [Fact]
    public void ATrialThatAnotherWorkerHasIsNotEndedBesideIt()
    {
        var (search, work) = Search(2, new([10], 0.5));
        foreach (var trial in search.Trials) Reach(search, trial, 10, 100 + trial.Index);
        using var other = new WorkerRegistration(search.Workers);
        var lease = TrialLease.Take(search.PathOf(search.Trials[1]), search.Workers, other.Id)!;
        Assert.Equal([(search.Trials[0], 40)], work.Trainings());
        Assert.Null(search.RecordOf(search.Trials[1]));
        lease.Release();
        Assert.Equal([(search.Trials[0], 40)], work.Trainings(other.Id));
        Assert.Equal(RunStatus.Pruned, search.RecordOf(search.Trials[1])!.Status);
        // The lease is given back, for whoever may need it.
        Assert.NotNull(TrialLease.Take(search.PathOf(search.Trials[1]), search.Workers, other.Id));
    }

    [Fact]
    public void OfEqualTrialsTheEarlierGoOn()
    {
        var (search, work) = Search(4, new([10], 0.5));
        foreach (var trial in search.Trials) Reach(search, trial, 10, 100);
        Assert.Equal([search.Trials[0], search.Trials[1]], work.Trainings().Select(training => training.Trial));
    }

    [Fact]
    public void WhereHigherIsBetterTheHighestGoOn()
    {
        var search = SearchFolder.Create(folder.At("accuracy"), new SearchSpec
        {
            Task = "listops",
            Trials = 3,
            Settings = new JsonObject { ["data"] = Lines(), ["epochs"] = 2 },
            Halving = new([6], 0.3),
        }, SearchTasks.All);
        foreach (var trial in search.Trials) Reach(search, trial, 6, 50 + trial.Index);
        Assert.Equal([(search.Trials[2], 12)], new Agenda(search).Trainings());
    }

    [Theory]
    [InlineData(new[] { 10 }, 0.0)]
    [InlineData(new[] { 10 }, 1.0)]
    [InlineData(new[] { 15 }, 0.5)]
    [InlineData(new[] { 40 }, 0.5)]
    [InlineData(new[] { 0 }, 0.5)]
    [InlineData(new[] { 20, 10 }, 0.5)]
    [InlineData(new[] { 10, 10 }, 0.5)]
    public void RungsAreAscendingValidationsBelowTheEnd(int[] rungs, double keep) =>
        Assert.Throws<InputException>(() => new Halving(rungs, keep).Validate(40, 10));

    [Fact]
    public void RungsAreReadWithThePartThatGoesOn()
    {
        var halving = Halving.Parse("5000,15000:0.25");
        Assert.Equal([5000, 15_000], halving.Rungs);
        Assert.Equal(0.25, halving.Keep);
        foreach (var text in new[] { "", "5000", ":0.5", "5000:0.5:1", "x:0.5", "5000:x", "0.5:5000,2" })
            Assert.Contains("halving", Assert.Throws<InputException>(() => Halving.Parse(text)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void SoundRungsPass() => new Halving([10, 20, 30], 0.999).Validate(40, 10);

    [Fact]
    public void WhatIsLeftCountsThePruningToCome()
    {
        var (search, work) = Search(8, new([10, 20], 0.5));
        // Eight trials to step 10, four to 20, two to 40.
        Assert.Equal(8 * 10 + 4 * 10 + 2 * 20, Left());
        foreach (var trial in search.Trials.Take(7)) Reach(search, trial, 10, 100 - trial.Index);
        Assert.Equal(10 + 4 * 10 + 2 * 20, Left());
        Reach(search, search.Trials[7], 10, 50);
        Assert.Equal(4 * 10 + 2 * 20, Left());
        Assert.Equal(4, work.Trainings().Count());
        // Now four are pruned, and it is known which.
        Assert.Equal(4 * 10 + 2 * 20, Left());
        foreach (var trial in search.Trials.Skip(5)) Reach(search, trial, 20, 100 - trial.Index);
        Assert.Equal(10 + 2 * 20, Left());
        Reach(search, search.Trials[4], 20, 10);
        Assert.Equal([(search.Trials[4], 40), (search.Trials[7], 40)], work.Trainings());
        Assert.Equal(2 * 20, Left());
        var done = 4 * 10 + 2 * 20 + 2 * 20;
        Assert.Equal(done / (done + 2 * 20.0), SearchSummary.Of(search).Part);

        double Left() => SearchSummary.Of(search).Work!.Left;
    }

    [Fact]
    public void WhoIsPastARungHasTakenAPlaceThere_AndWhoFailedNone()
    {
        var halving = new Halving([10], 0.5);
        // Three of four reached the rung or will, so that two go on: one has gone on, one of the two others will.
        var prospects = halving.Expect([new(25, 40, IsOpen: true), new(10, 40, IsOpen: true), new(4, 40, IsOpen: true), new(3, 40, IsOpen: false)]);
        Assert.Equal([new(15, 1), new(15, 0.5), new(6 + 15, 0.5), new(0, 0)], prospects);
        Assert.Equal([new(36, 1)], Halving.None.Expect([new(4, 40, IsOpen: true)]));
    }

    [Fact]
    public void NobodyGoesOnMoreThanOnce()
    {
        // Two of three were pruned at the rung, so that there is a place for each that is still to come, and one place more.
        var prospects = new Halving([10], 0.5).Expect([new(10, 40, IsOpen: false), new(10, 40, IsOpen: false), new(4, 40, IsOpen: true)]);
        Assert.Equal([new(0, 0), new(0, 0), new(36, 1)], prospects);
    }

    public void Dispose() => folder.Dispose();

    private (SearchFolder Search, Agenda Work) Search(int trials, Halving halving, params (string Setting, JsonNode[] Values)[] grid)
    {
        var search = SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "vae",
            Trials = trials,
            Settings = new JsonObject { ["steps"] = 40, ["validation-interval"] = 10 },
            Grid = [grid.ToDictionary(list => list.Setting, list => list.Values, StringComparer.Ordinal)],
            Halving = halving,
        }, SearchTasks.All);
        return (search, new(search));
    }

    private static void Reach(SearchFolder search, Trial trial, int rung, double validation) =>
        RunFolder.WriteJson(Directory.CreateDirectory(search.PathOf(trial)).FullName, Rung.FileName(rung), new Rung(validation));

    private string Lines()
    {
        Directory.CreateDirectory(folder.At("lines"));
        foreach (var name in (string[])["train", "test"])
            File.WriteAllLines(folder.At($"lines/{name}.tsv"), Enumerable.Range(0, 60).Select(i => $"{Math.Max(i % 10, i / 10)}\t( ( ( [MAX {i % 10} ) {i / 10} ) ] )"));
        return folder.At("lines");
    }
}
