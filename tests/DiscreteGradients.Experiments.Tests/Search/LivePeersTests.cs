using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

public sealed class LivePeersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Sign => folder.At("other.json");

    [Fact]
    public void AWorkerOfAnotherMachineIsAwaitedUntilItsNextSign()
    {
        using var own = new WorkerRegistration(folder.FullPath);
        Assert.True(new LivePeers(folder.FullPath).IsSettled());
        var now = SignOfAnotherMachine();
        var company = new LivePeers(folder.FullPath);
        Assert.False(company.IsSettled());
        Assert.False(company.IsSettled());
        File.SetLastWriteTimeUtc(Sign, now.AddSeconds(1));
        Assert.True(company.IsSettled());
    }

    [Fact]
    public void AWorkerThatIsGoneOrLongSilentIsNotAwaited()
    {
        var now = SignOfAnotherMachine();
        var company = new LivePeers(folder.FullPath);
        Assert.False(company.IsSettled());
        File.Delete(Sign);
        Assert.True(company.IsSettled());
        SignOfAnotherMachine();
        File.SetLastWriteTimeUtc(Sign, now - (2 * WorkerRegistration.Patience));
        Assert.True(new LivePeers(folder.FullPath).IsSettled());
    }

    public void Dispose() => folder.Dispose();

    private DateTime SignOfAnotherMachine()
    {
        RunFolder.WriteJson(folder.FullPath, "other.json", new WorkerState("other", "host", "another boot", null, null, null, 0, 0, 0));
        return File.GetLastWriteTimeUtc(Sign);
    }
}
