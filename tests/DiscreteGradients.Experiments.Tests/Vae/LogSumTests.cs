using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class LogSumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-200)]
    [InlineData(300)]
    public void LogMeanAndEffectiveSizeAreThoseOfTheWeights(double level)
    {
        var random = new Random(1);
        var weights = Enumerable.Range(0, 1000).Select(_ => level + 6 * random.NextDouble()).ToArray();
        var sum = new LogSum();
        foreach (var weight in weights) sum.Add(weight);
        var direct = weights.Select(Math.Exp).ToArray();
        Assert.Equal(Math.Log(direct.Average()), sum.LogMean(1000), 1e-12 * Math.Max(1, Math.Abs(level)));
        Assert.Equal(Math.Pow(direct.Sum(), 2) / direct.Sum(weight => weight * weight), sum.EffectiveSampleSize, 1e-9);
    }

    [Fact]
    public void WeightsFarBelowTheSmallestNumberCount()
    {
        var sum = new LogSum();
        foreach (var weight in new[] { -1e6, -1e6 + Math.Log(3) }) sum.Add(weight);
        Assert.Equal(-1e6 + Math.Log(2), sum.LogMean(2), 1e-9);
        Assert.Equal(1.6, sum.EffectiveSampleSize, 1e-9);
    }

    [Fact]
    public void EffectiveSizeIsBetween1AndM()
    {
        var (equal, spread) = (new LogSum(), new LogSum());
        for (var i = 0; i < 50; i++)
        {
            equal.Add(-500);
            spread.Add(100 * i);
        }
        Assert.Equal(50, equal.EffectiveSampleSize, 1e-9);
        Assert.Equal(1, spread.EffectiveSampleSize, 1e-9);
    }
}
