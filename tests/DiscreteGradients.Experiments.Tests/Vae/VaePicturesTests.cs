using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class VaePicturesTests
{
    private static readonly MnistData Data = TestData.Mnist(train: 20, valid: 18, test: 17);

    [Fact]
    public void TheImagesAreTheFirstOfTheTest()
    {
        using var scope = NewDisposeScope();
        var pictures = VaePictures.TestImages(Data);
        Assert.Equal(16, pictures.Count);
        for (var i = 0; i < 16; i++) Assert.Equal(Data.Test.Batch([i]).data<float>().ToArray(), pictures[i]);
        Assert.Equal(5, VaePictures.TestImages(TestData.Mnist()).Count);
    }

    // Where a posterior or a prior is all but certain, what is drawn from it is its mode.
    [Fact]
    public void AReconstructionIsDrawnFromThePosterior_AndASampleFromThePrior()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new VaeModel(new VaeSettings { Arity = 4, Architecture = VaeArchitecture.Linear }, Data.Train.PixelMeans(), 3);
        Assert.NotEqual(VaePictures.Samples(model, 1, 1)[0], VaePictures.Samples(model, 1, 2)[0]);
        using Scalar certain = 1e7;
        model.Encoder.Layers[0].Weight.mul_(certain);
        model.Prior.select(1, 2).fill_(certain);
        var images = Data.Test.Batch([0, 1, 2]);
        Near(model.Decode(model.Encode(images).Mode()).sigmoid(), VaePictures.Reconstructions(model, images, 7));
        Near(model.Decode(model.PriorDistribution().Mode().unsqueeze(0).expand(2, -1, -1)).sigmoid(), VaePictures.Samples(model, 2, 7));
    }

    [Fact]
    public void TheRowsOfARunAreTestImagesReconstructionsAndSamples()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var settings = new VaeSettings { Arity = 4, Architecture = VaeArchitecture.Linear, Seed = 5 };
        using var model = new VaeModel(settings, Data.Train.PixelMeans(), 3);
        SafeTensors.Write(RunFolder.CheckpointIn(folder.FullPath), model.Parameters,
            new Dictionary<string, string>(StringComparer.Ordinal));
        var rows = VaePictures.Rows(folder.FullPath, settings, Data, "GR");
        Assert.Equal(["test images", "GR: reconstructions", "GR: samples of the prior"], rows.Select(row => row.Name));
        var images = Data.Test.Batch([.. Enumerable.Range(0, 16)]);
        IReadOnlyList<float[]>[] expected = [VaePictures.TestImages(Data), VaePictures.Reconstructions(model, images, 5),
            VaePictures.Samples(model, 16, 5)];
        foreach (var (row, pictures) in rows.Zip(expected))
        {
            Assert.Equal(16, row.Images.Count);
            Assert.All(row.Images.Zip(pictures), pair => Assert.Equal(pair.Second, pair.First));
        }
    }

    private static void Near(Tensor expected, IReadOnlyList<float[]> pictures)
    {
        Assert.Equal(expected.shape[0], pictures.Count);
        foreach (var (row, picture) in expected.unbind(0).Zip(pictures))
            Assert.InRange(row.data<float>().ToArray().Zip(picture, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5f);
    }
}
