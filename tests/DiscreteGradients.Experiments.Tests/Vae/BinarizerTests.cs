using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class BinarizerTests
{
    [Fact]
    public void Next_IsSplitMix64()
    {
        var generator = new Binarizer(1234567); // the values of splitmix64.c for this seed
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => generator.Next()).ToArray());
    }

    [Fact]
    public void BlackIsNeverOn_WhiteAlways()
    {
        var images = new Binarizer(3).Binarize([.. Enumerable.Range(0, 100 * 784).Select(i => (byte)(i % 2 * 255))]);
        Assert.All(images.Packed.ToArray(), bits => Assert.Equal(0b0101_0101, bits));
    }

    /// <summary>Each check is at 5 standard errors: the five together give a false alarm in 3e-6 of seeds; this one is fixed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(200)]
    [InlineData(254)]
    public void AGreyPixelIsOnWithProbabilityOfItsValue(byte value)
    {
        const int draws = 2000 * 784;
        var probability = value / 255.0;
        var means = new Binarizer(4).Binarize(Uniform(2000, value)).PixelMeans();
        var error = (means.Average(mean => (double)mean) - probability) / Math.Sqrt(probability * (1 - probability) / draws);
        Assert.InRange(error, -5, 5);
    }

    /// <summary>5 standard errors: a false alarm in 6e-7 of seeds; these are fixed.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(ulong.MaxValue)]
    public void AnotherSeedDrawsIndependently(ulong seed)
    {
        const int draws = 500 * 784;
        var grey = Uniform(500, 128);
        var one = new Binarizer(1).Binarize(grey);
        var other = new Binarizer(seed).Binarize(grey);
        var same = one.Packed.ToArray().Zip(other.Packed.ToArray(), (a, b) => 8 - byte.PopCount((byte)(a ^ b))).Sum();
        Assert.InRange((same - draws / 2.0) / Math.Sqrt(draws / 4.0), -5, 5);
    }

    [Fact]
    public void OneSeedDrawsTheSame_AndGoesOnWhereItStopped()
    {
        var grey = Uniform(4, 100);
        var whole = new Binarizer(7).Binarize(grey);
        var parts = new Binarizer(7);
        Assert.Equal(whole.Slice(0, 1).Sha256, parts.Binarize(grey.AsSpan(0, 784)).Sha256);
        Assert.Equal(whole.Slice(1, 3).Sha256, parts.Binarize(grey.AsSpan(784)).Sha256);
    }

    private static byte[] Uniform(int images, byte value)
    {
        var pixels = new byte[images * 784];
        Array.Fill(pixels, value);
        return pixels;
    }
}
