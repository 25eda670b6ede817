using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class TrialLeaseTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Workers => folder.At("workers");

    private string Trial => folder.At("trial");

    [Fact]
    public void OnlyOneOfManyTakesATrial()
    {
        var workers = Enumerable.Range(0, 8).Select(_ => new WorkerRegistration(Workers)).ToList();
        var taken = new int[500];
        using var start = new Barrier(workers.Count);
        var threads = workers.Select(worker => new Thread(() =>
        {
            for (var round = 0; round < taken.Length; round++)
            {
                start.SignalAndWait();
                if (TrialLease.Take(folder.At($"trial{round}"), Workers, worker.Id) is not null) Interlocked.Increment(ref taken[round]);
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
        using var worker = new WorkerRegistration(Workers);
        var lease = Take(worker)!;
        Assert.Null(Take(worker));
        lease.Release();
        using (var lost = new WorkerRegistration(Workers)) Assert.NotNull(Take(lost));
        Assert.NotNull(Take(worker));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"worker\":")]
    public void ADamagedLeaseIsALostWorkers(string content)
    {
        using var worker = new WorkerRegistration(Workers);
        Directory.CreateDirectory(Trial);
        folder.Write("trial/claim-0.json", content);
        var lease = Take(worker)!;
        Assert.Null(lease.GiveUpReason);
        lease.Release();
        Assert.Equal(["claim-0.json", "claim-1.json"], Directory.EnumerateFiles(Trial).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AWorkerThatIsTakenForLostLearnsOfIt()
    {
        using var worker = new WorkerRegistration(Workers);
        TrialLease old;
        using (var lost = new WorkerRegistration(Workers)) old = Take(lost)!;
        Assert.False(old.IsLost);
        Assert.NotNull(Take(worker));
        Assert.True(old.IsLost);
    }

    [Fact]
    public void ThreeErrorsOrTenDeathsGiveATrialUp()
    {
        using var worker = new WorkerRegistration(Workers);
        for (var i = 1; i <= 3; i++)
        {
            var lease = Take(worker)!;
            Assert.Null(lease.GiveUpReason);
            lease.Release($"error {i}");
        }
        Assert.Equal("error 3", Take(worker)!.GiveUpReason);

        var other = folder.At("other");
        for (var i = 0; i < 10; i++)
        {
            using var dead = new WorkerRegistration(Workers);
            Assert.Null(TrialLease.Take(other, Workers, dead.Id)!.GiveUpReason);
        }
        Assert.Contains("ended 10 times", TrialLease.Take(other, Workers, worker.Id)!.GiveUpReason, StringComparison.Ordinal);
    }

    /// <summary>Whoever stops a worker has done nothing wrong to its trial, nor has the trial.</summary>
    [Fact]
    public void ATrialThatIsGivenBackIsNotGivenUp_HoweverOften()
    {
        using var worker = new WorkerRegistration(Workers);
        for (var i = 0; i < 12; i++)
        {
            var lease = Take(worker)!;
            Assert.Null(lease.GiveUpReason);
            lease.Release();
        }
        // Nine deaths, after one that was given back, and nine more after another: ten are too many only in a row.
        for (var i = 0; i < 19; i++)
        {
            using var dead = new WorkerRegistration(Workers);
            var lease = Take(dead)!;
            Assert.Null(lease.GiveUpReason);
            if (i == 9) lease.Release();
        }
        Assert.Null(Take(worker)!.GiveUpReason);
    }

    /// <summary>A process may be killed as often as it likes while its trial gets on.</summary>
    [Fact]
    public void DeathsWithACheckpointInBetweenAreForgotten()
    {
        var checkpoint = Path.Combine(Trial, "checkpoint", "state.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        Assert.Equal(checkpoint, DiscreteGradients.Experiments.Runs.RunFolder.CheckpointIn(Trial));
        for (var i = 0; i < 25; i++)
        {
            File.WriteAllText(checkpoint, "");
            File.SetLastWriteTimeUtc(checkpoint, DateTime.UnixEpoch.AddDays(i / 8));
            using var dead = new WorkerRegistration(Workers);
            Assert.Null(Take(dead)!.GiveUpReason);
        }
    }

    /// <summary>Blocks of a bound are kept as they are found, so that a trial that is scored gets on too.</summary>
    [Fact]
    public void DeathsWithABlockOfABoundInBetweenAreForgotten_AndOthersAreNot()
    {
        var checkpoint = DiscreteGradients.Experiments.Runs.RunFolder.CheckpointIn(Trial);
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        foreach (var file in new[] { checkpoint, folder.At("trial/evaluation-valid-5000.partial.jsonl") })
        {
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        }
        for (var i = 0; i < 25; i++)
        {
            File.SetLastWriteTimeUtc(folder.At("trial/evaluation-valid-5000.partial.jsonl"), DateTime.UnixEpoch.AddDays(i / 8));
            Assert.Null(Die());
        }
        for (var i = 0; i < 9; i++) Assert.Null(Die());   // one of the 25 was the first here
        Assert.Equal("its process ended 10 times and it got no further in between", Die());

        string? Die()
        {
            using var dead = new WorkerRegistration(Workers);
            return Take(dead)!.GiveUpReason;
        }
    }

    [Fact]
    public void WhatWasGivenUpStaysSo_WithTheSameReason()
    {
        using var worker = new WorkerRegistration(Workers);
        for (var i = 0; i < 10; i++)
        {
            using var dead = new WorkerRegistration(Workers);
            Take(dead);
        }
        for (var i = 0; i < 3; i++)
        {
            var lease = Take(worker)!;
            Assert.Equal("its process ended 10 times and it got no further in between", lease.GiveUpReason);
            lease.GiveUp();
        }
    }

    public void Dispose() => folder.Dispose();

    private TrialLease? Take(WorkerRegistration worker) => TrialLease.Take(Trial, Workers, worker.Id);
}
