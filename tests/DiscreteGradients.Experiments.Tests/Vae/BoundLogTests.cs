using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class BoundLogTests : IDisposable
{
    private const int Count = 230, Samples = 10;
    private static readonly BinaryImages Images = TestData.Images(Count, 5);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AStoppedEvaluationGoesOnAfterItsLastWholeBlock_WithTheSameNumbers()
    {
        using var model = ExactModel.Create(1);
        using var bound = new ImportanceBound(model);
        var whole = bound.Evaluate(Images, Count, Samples, 7, threads: 1);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluate("a", done => Stop(done, 130), stop.Token));
        var seen = new List<int>();
        Assert.Equal(whole, Evaluate("a", seen.Add));
        Assert.Equal(Enumerable.Range(101, Count - 100), seen);

        // That of another checkpoint begins anew.
        seen.Clear();
        Assert.Equal(whole, Evaluate("b", seen.Add));
        Assert.Equal(1, seen[0]);

        BoundResult Evaluate(string identity, Action<int> progress, CancellationToken cancellation = default) =>
            new BoundLog(folder.FullPath, "test", identity).Evaluate(bound, Images, Count, Samples, 7, 1, progress, cancellation);

        void Stop(int done, int at)
        {
            if (done == at) stop.Cancel();
        }
    }

    public void Dispose() => folder.Dispose();
}
