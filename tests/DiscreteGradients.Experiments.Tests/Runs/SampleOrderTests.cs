using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class SampleOrderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 4)]
    [InlineData(10, 10)]
    [InlineData(7, 20)]
    [InlineData(50, 3)]
    public void EachEpochIsAPermutation_AndBatchesSpanEpochs(int count, int batch)
    {
        var seen = Steps(new SampleOrder(count, 3), Enumerable.Range(0, 3 * count), batch).SelectMany(step => step).ToArray();
        foreach (var epoch in seen.Chunk(count).Where(epoch => epoch.Length == count)) Assert.Equal(Enumerable.Range(0, count), epoch.Order());
        if (count >= 10) Assert.NotEqual(seen[..count], seen[count..(2 * count)]);
    }

    [Fact]
    public void TheOrderIsAFunctionOfTheStep()
    {
        var forward = Steps(new SampleOrder(10, 3), Enumerable.Range(0, 40), 7);
        var backward = Steps(new SampleOrder(10, 3), Enumerable.Range(0, 40).Reverse(), 7);
        Assert.Equal(forward, backward.Reverse());
        var alone = Enumerable.Range(0, 40).Select(step => Steps(new SampleOrder(10, 3), [step], 7)[0]).ToArray();
        Assert.Equal(forward, alone);
        Assert.NotEqual(forward, Steps(new SampleOrder(10, 4), Enumerable.Range(0, 40), 7));
    }

    [Fact]
    public void EveryExampleComesFirstEquallyOften()
    {
        const int Count = 8, Seeds = 8000;
        var first = new int[Count];
        var index = new int[1];
        for (var seed = 0; seed < Seeds; seed++)
        {
            new SampleOrder(Count, (ulong)seed).Fill(0, index);
            first[index[0]]++;
        }
        // 8 binomial counts at 5 standard errors: false alarm 5e-6.
        var error = Math.Sqrt(Seeds * (1.0 / Count) * (1 - 1.0 / Count));
        foreach (var count in first) Assert.InRange(count, Seeds / Count - 5 * error, Seeds / Count + 5 * error);
    }

    private static int[][] Steps(SampleOrder order, IEnumerable<int> steps, int batch) => [.. steps.Select(step =>
    {
        var indices = new int[batch];
        order.Fill(step, indices);
        return indices;
    })];
}
