using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class MnistDataTests
{
    [Fact]
    public void Embedded_HasTheStatedPartsAndSaysWhatItIs()
    {
        var data = MnistData.Embedded();
        Assert.Equal((50_000, 10_000, 10_000), (data.Train.Count, data.Valid.Count, data.Test.Count));
        Assert.Equal(DataChecksums.Embedded, data.Checksums);
        Assert.Equal("MNIST (embedded)", data.Name);
        Assert.Equal("Bernoulli(pixel/255), seed 1, not the fixed binarisation of the paper", data.Binarisation);
    }

    [Fact]
    public void Embedded_LooksLikeDigits()
    {
        var data = MnistData.Embedded();
        foreach (var part in new[] { data.Train, data.Valid, data.Test })
        {
            var means = part.PixelMeans();
            Assert.InRange(means.Average(), 0.128, 0.136); // MNIST's mean grey value is 0.1307
            Assert.Equal(0, means[0]);
            Assert.InRange(means[14 * 28 + 14], 0.3, 0.6); // strokes cross the centre
        }
    }
}
