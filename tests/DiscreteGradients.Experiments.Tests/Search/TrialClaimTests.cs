using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class TrialClaimTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Workers => folder.At("workers");

    private string Trial => folder.At("trial");

    [Fact]
    public void OnlyOneOfManyTakesATrial()
    {
        var workers = Enumerable.Range(0, 8).Select(_ => new Worker(Workers)).ToList();
        var taken = new int[500];
        using var start = new Barrier(workers.Count);
        var threads = workers.Select(worker => new Thread(() =>
        {
            for (var round = 0; round < taken.Length; round++)
            {
                start.SignalAndWait();
                if (TrialClaim.Take(folder.At($"trial{round}"), Workers, worker.Id) is not null) Interlocked.Increment(ref taken[round]);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        workers.ForEach(worker => worker.Dispose());
        Assert.All(taken, count => Assert.Equal(1, count));
    }

    [Fact]
    public void AReleasedOrOrphanedTrialIsTakenAgain()
    {
        using var worker = new Worker(Workers);
        var claim = Take(worker)!;
        Assert.Null(Take(worker));
        claim.Release();
        using (var lost = new Worker(Workers)) Assert.NotNull(Take(lost));
        Assert.NotNull(Take(worker));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"worker\":")]
    public void ADamagedClaimIsALostWorkers(string content)
    {
        using var worker = new Worker(Workers);
        Directory.CreateDirectory(Trial);
        folder.Write("trial/claim-0.json", content);
        var claim = Take(worker)!;
        Assert.Null(claim.Hopeless);
        claim.Release();
        Assert.Equal(["claim-0.json", "claim-1.json"], Directory.EnumerateFiles(Trial).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AWorkerThatIsTakenForLostLearnsOfIt()
    {
        using var worker = new Worker(Workers);
        TrialClaim old;
        using (var lost = new Worker(Workers)) old = Take(lost)!;
        Assert.False(old.IsLost);
        Assert.NotNull(Take(worker));
        Assert.True(old.IsLost);
    }

    [Fact]
    public void ThreeErrorsOrTenDeathsGiveATrialUp()
    {
        using var worker = new Worker(Workers);
        for (var i = 0; i < 3; i++)
        {
            var claim = Take(worker)!;
            Assert.Null(claim.Hopeless);
            claim.Release("it is broken");
        }
        Assert.Equal("it is broken", Take(worker)!.Hopeless);

        var other = folder.At("other");
        for (var i = 0; i < 10; i++)
        {
            using var dead = new Worker(Workers);
            Assert.Null(TrialClaim.Take(other, Workers, dead.Id)!.Hopeless);
        }
        Assert.Contains("ended 10 times", TrialClaim.Take(other, Workers, worker.Id)!.Hopeless, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private TrialClaim? Take(Worker worker) => TrialClaim.Take(Trial, Workers, worker.Id);
}
