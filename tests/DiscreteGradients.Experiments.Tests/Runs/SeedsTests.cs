using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class SeedsTests
{
    [Fact]
    public void SeedsAndPurposesGiveSeedsOfTheirOwn()
    {
        var all = from seed in Enumerable.Range(0, 300) from purpose in Enumerable.Range(0, 300) select Seeds.Derive((ulong)seed, (ulong)purpose);
        Assert.Equal(90_000, all.Distinct().Count());
        Assert.Equal(Seeds.Derive(ulong.MaxValue, ulong.MaxValue), Seeds.Derive(ulong.MaxValue, ulong.MaxValue));
    }

    [Fact]
    public void NoTwoStreamsOfARunCoincide()
    {
        const int Parts = 2000;
        var purposes = Enum.GetValues<SeedPurpose>();
        foreach (var run in new ulong[] { 0, 1, ulong.MaxValue })
        {
            var seeds = purposes.Select(purpose => Seeds.For(run, purpose)).ToList();
            var parts = seeds.SelectMany(seed => Enumerable.Range(0, Parts).Select(part => Seeds.Derive(seed, (ulong)part)));
            Assert.Equal(purposes.Length * (Parts + 1) + 1, seeds.Concat(parts).Append(run).Distinct().Count());
        }
    }

    // Held for ever: with other numbers nothing that was recorded could be made again.
    [Fact]
    public void TheStreamsOfASeedStay() => Assert.All(
        new (SeedPurpose Purpose, ulong Seed)[]
        {
            (SeedPurpose.Weights, 6542311707026663385), (SeedPurpose.Order, 9225460699887277446),
            (SeedPurpose.Noise, 11653495565446972713), (SeedPurpose.Validation, 5607625784506921028),
            (SeedPurpose.SearchBound, 8458229346734684668), (SeedPurpose.ComparisonVariance, 1446024482534920831),
            (SeedPurpose.ComparisonBound, 14195622247521502762),
        },
        stream => Assert.Equal(stream.Seed, Seeds.For(5, stream.Purpose)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void OneBitOfEitherTurnsHalfTheBitsOver(int seedStep, int purposeStep)
    {
        var bits = Enumerable.Range(0, 4000).Average(i =>
        {
            var (seed, purpose) = ((ulong)(i * 1000), (ulong)(i * 7));
            return (int)ulong.PopCount(Seeds.Derive(seed, purpose) ^ Seeds.Derive(seed ^ (ulong)seedStep, purpose ^ (ulong)purposeStep));
        });
        // 64 fair bits, 4000 times: standard error 4 / √4000 = 0.063; 5 of them, false alarm 6e-7.
        Assert.InRange(bits, 32 - 0.32, 32 + 0.32);
    }
}
