using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class WorkerRegistrationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void WhatKilledWorkersLeftIsCleanedUp_AndNoLivingOneIs()
    {
        using var living = new WorkerRegistration(folder.FullPath);
        Leave("killed", WorkerRegistration.Boot() ?? "");
        Leave("lost", "another boot", isOld: true);
        Leave("elsewhere", "another boot");
        folder.Write("damaged.json", "{}");
        folder.Write("starting.lock", "");
        foreach (var name in new[] { "damaged.json", "killed.json.9999.tmp" }) File.SetLastWriteTimeUtc(folder.Write(name, "{}"), DateTime.UtcNow.AddDays(-1));
        using (new WorkerRegistration(folder.FullPath))
        {
            string[] expected = ["elsewhere.json", "elsewhere.lock", "starting.lock"];
            Assert.Equal(expected, Directory.EnumerateFiles(folder.FullPath).Select(file => Path.GetFileName(file)!).Where(name => !name.StartsWith(Environment.MachineName, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(2, Directory.EnumerateFiles(folder.FullPath, $"{Environment.MachineName}-*.json").Count());
        }
        Assert.Single(Directory.EnumerateFiles(folder.FullPath, $"{Environment.MachineName}-*.json"));
    }

    /// <summary>A heartbeat comes every five seconds; many may be missed on a machine that is busy.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(70, false)]
    public void AWorkerElsewhereIsLostAMinuteAfterItsLastHeartbeat(int seconds, bool lives)
    {
        Leave("elsewhere", "another boot");
        File.SetLastWriteTimeUtc(folder.At("elsewhere.json"), DateTime.UtcNow.AddSeconds(-seconds));
        Assert.Equal(lives, WorkerRegistration.Lives(folder.FullPath, "elsewhere"));
    }

    [Fact]
    public void SeveralHeartbeatsMayBeMissedBeforeAWorkerIsTakenForLost()
    {
        var interval = (TimeSpan)typeof(WorkerRegistration).GetField("HeartbeatInterval",
            System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.GetValue(null)!;
        Assert.InRange(interval, TimeSpan.FromSeconds(1), WorkerRegistration.Patience / 5);
    }

    [Fact]
    public void ALockThatIsOnlyLookedAtIsNotHeld()
    {
        Leave("killed", WorkerRegistration.Boot() ?? "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.At("killed.lock"), UnixFileMode.UserRead);
        using var another = new FileStream(folder.At("killed.lock"), FileMode.Open, FileAccess.Read, FileShare.Read);
        Assert.False(WorkerRegistration.Lives(folder.FullPath, "killed"));
        using var living = new WorkerRegistration(folder.At("workers"));
        Assert.True(WorkerRegistration.Lives(folder.At("workers"), living.Id));
    }

    /// <summary>Nobody makes a file in /proc, whatever the rights.</summary>
    [Fact]
    public void WhoMayNotWriteSeesWorkersElsewhereToo()
    {
        Leave("elsewhere", "another boot");
        Assert.True(WorkerRegistration.Lives("/proc", folder.At("elsewhere")));
        File.SetLastWriteTimeUtc(folder.At("elsewhere.json"), DateTime.UtcNow.AddSeconds(-70));
        Assert.False(WorkerRegistration.Lives("/proc", folder.At("elsewhere")));
    }

    /// <summary>An array of jobs numbers its tasks.</summary>
    [Fact]
    public void AWorkerSaysItsSlurmJob()
    {
        string[] names = ["SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID"];
        var before = names.Select(name => Environment.GetEnvironmentVariable(name)).ToList();
        try
        {
            Set("15", null, null);
            Assert.Equal("15", Job());
            Set("15", "12", "3");
            Assert.Equal("12_3", Job());
        }
        finally
        {
            Set([.. before]);
        }

        void Set(params string?[] values)
        {
            foreach (var (name, value) in names.Zip(values)) Environment.SetEnvironmentVariable(name, value);
        }

        string? Job()
        {
            using var worker = new WorkerRegistration(folder.At("workers"));
            return WorkerRegistration.All(folder.At("workers")).Single().State.Job;
        }
    }

    /// <summary>The heartbeat is called here, for it comes every five seconds.</summary>
    [Fact]
    public void AHeartbeatSaysWhatIsInHand()
    {
        using var worker = new WorkerRegistration(folder.FullPath);
        var beats = 0;
        worker.OnHeartbeat = () => beats++;
        worker.Report("arity=8/0003", Activity.ValidBound, done: 30, all: 40, stepsPerSecond: 5);
        var state = Beaten();
        Assert.Equal((worker.Id, Environment.MachineName, WorkerRegistration.Boot()), (state.Id, state.Host, state.Boot));
        Assert.Equal(("arity=8/0003", Activity.ValidBound, 30, 40, 5),
            (state.Trial, state.Activity, state.Done, state.All, state.StepsPerSecond));
        Assert.True(beats > 0);
        worker.Report(null);
        state = Beaten();
        Assert.Equal((null, null, 0, 0, 0), (state.Trial, state.Activity, state.Done, state.All, state.StepsPerSecond));

        WorkerState Beaten()
        {
            Beat(worker);
            return Assert.Single(WorkerRegistration.All(folder.FullPath)).State;
        }
    }

    /// <summary>What is called with a heartbeat may use what its owner disposes of once it has taken it off.</summary>
    [Fact]
    public async Task WhatIsTakenOffAHeartbeatIsNotAtWorkAnyMore()
    {
        using var worker = new WorkerRegistration(folder.FullPath);
        using ManualResetEventSlim entered = new(), leave = new();
        var stop = TestContext.Current.CancellationToken;
        worker.OnHeartbeat = () =>
        {
            entered.Set();
            leave.Wait(stop);
        };
        var beat = Task.Run(() => Beat(worker), stop);
        entered.Wait(stop);
        var taken = Task.Run(() =>
        {
            worker.OnHeartbeat = null;
        }, stop);
        // Long enough to be done if nothing held it up; a busy machine makes no false alarm.
        Assert.NotSame(taken, await Task.WhenAny(taken, Task.Delay(50, stop)));
        leave.Set();
        await Task.WhenAll(beat, taken);
        Assert.Null(worker.OnHeartbeat);
    }

    [Fact]
    public void AWorkerWhoseFolderIsRemovedEndsQuietly()
    {
        var worker = new WorkerRegistration(folder.At("workers"));
        Directory.Delete(folder.At("workers"), recursive: true);
        worker.Dispose();
        Assert.False(Directory.Exists(folder.At("workers")));
    }

    public void Dispose() => folder.Dispose();

    private static void Beat(WorkerRegistration worker) => typeof(WorkerRegistration).GetMethod("Beat",
        System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(worker, null);

    private void Leave(string id, string boot, bool isOld = false)
    {
        RunFolder.WriteJson(folder.FullPath, $"{id}.json", new WorkerState(id, "host", boot, null, null, null, 0, 0, 0));
        folder.Write($"{id}.lock", "");
        if (!isOld) return;
        foreach (var ending in new[] { "json", "lock" }) File.SetLastWriteTimeUtc(folder.At($"{id}.{ending}"), DateTime.UtcNow.AddDays(-1));
    }
}
