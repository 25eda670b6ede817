using DiscreteGradients.Experiments.Runs;
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

    // Held for ever: a run is refused on data of another checksum. It is the SHA-256 of the three parts' own in a row.
    [Fact]
    public void TheChecksumIsOfAllThreeParts_InTheirOrder()
    {
        Assert.Equal("9f0dbdc7f2acd5aef73bbeab668a962743998eec0937b52f101df80d97587d83", MnistData.Embedded().Checksum);
        var data = TestData.Mnist();
        var other = TestData.Images(3, 9);
        MnistData[] all =
        [
            data, data with { Train = other }, data with { Valid = other }, data with { Test = other },
            data with { Valid = data.Test, Test = data.Valid },
        ];
        Assert.Distinct(all.Select(one => one.Checksum));
        Assert.Equal(data.Checksum, (data with { Name = "another", Binarisation = "another", Source = "elsewhere" }).Checksum);
    }

    [Fact]
    public void AModelIsEvaluatedOnTheSplitThatIsAskedFor()
    {
        var data = TestData.Mnist();
        Assert.Same(data.Test, data.Of(Split.Test));
        Assert.Same(data.Valid, data.Of(Split.Valid));
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
