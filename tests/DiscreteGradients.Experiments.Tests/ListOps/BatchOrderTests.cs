using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Experiments.Tests.ListOps;

public sealed class BatchOrderTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 503).Select(i => 4 + i * i % 7)];

    [Theory]
    [InlineData(nameof(Batching.Buckets))]
    [InlineData(nameof(Batching.Shuffled))]
    public void EachExampleComesOnceAnEpoch(string batchingName)
    {
        var batching = Enum.Parse<Batching>(batchingName);
        var order = new BatchOrder(Lengths, 10, batching, 1);
        Assert.Equal(51, order.Count);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = Enumerable.Range(epoch * 51, 51).Select(step => order.Batch(step).ToArray()).ToList();
            Assert.Equal(Enumerable.Range(0, 503), seen.SelectMany(batch => batch).Order());
            Assert.Single(seen, batch => batch.Length == 3);
            Assert.All(seen, batch => Assert.InRange(batch.Length, 3, 10));
        }
    }

    [Fact]
    public void InBucketsOnlyTheBorderOfTwoLengthsIsPadded()
    {
        var order = new BatchOrder(Lengths, 10, Batching.Buckets, 1);
        var padded = Enumerable.Range(0, 51).Count(step => order.Batch(step).ToArray().Select(i => Lengths[i]).Distinct().Count() > 1);
        Assert.InRange(padded, 1, Lengths.Distinct().Count() - 1);
        var mixed = new BatchOrder(Lengths, 10, Batching.Shuffled, 1);
        Assert.True(Enumerable.Range(0, 51).Count(step => mixed.Batch(step).ToArray().Select(i => Lengths[i]).Distinct().Count() > 1) > 45);
    }

    /// <summary>Examples of one length are put together anew in each epoch.</summary>
    [Theory]
    [InlineData(nameof(Batching.Buckets))]
    [InlineData(nameof(Batching.Shuffled))]
    public void WithinALengthEachEpochHasOtherBatches(string batching)
    {
        var order = new BatchOrder([.. Enumerable.Repeat(7, 40)], 8, Enum.Parse<Batching>(batching), 3);
        var epochs = Enumerable.Range(0, 3).Select(epoch => string.Join(' ', Enumerable.Range(5 * epoch, 5)
            .Select(step => string.Join(',', order.Batch(step).ToArray().Order())).Order(StringComparer.Ordinal))).ToList();
        Assert.Equal(3, epochs.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void AStepsBatchDependsOnSeedAndStepOnly()
    {
        var (a, b) = (new BatchOrder(Lengths, 10, Batching.Buckets, 1), new BatchOrder(Lengths, 10, Batching.Buckets, 1));
        foreach (var step in new[] { 120, 3, 50, 51, 0 }) Assert.Equal(a.Batch(step).ToArray(), b.Batch(step).ToArray());
        Assert.Equal(a.Batch(77).ToArray(), new BatchOrder(Lengths, 10, Batching.Buckets, 1).Batch(77).ToArray());
        Assert.NotEqual(a.Batch(0).ToArray(), new BatchOrder(Lengths, 10, Batching.Buckets, 2).Batch(0).ToArray());
        // The lengths come in no order, and in another one in each epoch.
        var epochs = Enumerable.Range(0, 3).Select(epoch => Enumerable.Range(51 * epoch, 51).Select(step => Lengths[a.Batch(step)[0]]).ToList()).ToList();
        Assert.All(epochs, lengths => Assert.NotEqual(lengths.Order(), lengths));
        Assert.Equal(3, epochs.Select(lengths => string.Join(',', lengths)).Distinct().Count());
    }
}
