using DiscreteGradients.Experiments.Vae;
using TorchSharp;

namespace DiscreteGradients.Experiments.Tests.Vae;

public sealed class BinaryImagesTests
{
    [Fact]
    public void CopyTo_ExpandsTheMostSignificantBitFirst()
    {
        var packed = new byte[BinaryImages.BytesPerImage];
        packed[0] = 0b1000_0001;
        packed[^1] = 0b0000_0010;
        var pixels = Expand(new BinaryImages(packed), 0);
        Assert.Equal([0, 7, 782], Enumerable.Range(0, 784).Where(i => pixels[i] != 0));
        Assert.All(pixels, value => Assert.True(value is 0f or 1f));
    }

    [Fact]
    public void CopyTo_GivesBackEveryPixel_InTheOrderOfTheIndices()
    {
        var bits = RandomBits(images: 5, seed: 1);
        var images = Pack(bits);
        int[] indices = [4, 0, 4, 2];
        var pixels = Expand(images, indices);
        for (var i = 0; i < indices.Length; i++)
            for (var k = 0; k < 784; k++)
                Assert.Equal(bits[indices[i] * 784 + k] ? 1f : 0f, pixels[i * 784 + k]);
    }

    [Fact]
    public void Batch_IsFloat32OfTheSamePixels()
    {
        var images = Pack(RandomBits(images: 3, seed: 2));
        using var batch = images.Batch([2, 1]);
        Assert.Equal([2, 784], batch.shape);
        Assert.Equal(torch.ScalarType.Float32, batch.dtype);
        Assert.Equal(Expand(images, 2, 1), batch.data<float>().ToArray());
    }

    [Fact]
    public void Batch_OfNothingIsEmpty()
    {
        using var batch = Pack(RandomBits(images: 1, seed: 2)).Batch([]);
        Assert.Equal([0, 784], batch.shape);
    }

    [Fact]
    public void Batch_LeavesNoTensorBehind()
    {
        var images = Pack(RandomBits(images: 3, seed: 2));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 50; i++)
        {
            images.Batch([0, 1]).Dispose();
            Assert.Throws<ArgumentOutOfRangeException>(() => images.Batch([3]));
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void PixelMeans_AreTheFractionsOfImages()
    {
        var bits = RandomBits(images: 7, seed: 3);
        var means = Pack(bits).PixelMeans();
        for (var k = 0; k < 784; k++)
            Assert.Equal(Enumerable.Range(0, 7).Count(i => bits[i * 784 + k]) / 7f, means[k]);
        Assert.Throws<InvalidOperationException>(() => new BinaryImages([]).PixelMeans());
    }

    [Fact]
    public void Slice_IsARangeOfTheImages()
    {
        var images = Pack(RandomBits(images: 6, seed: 4));
        var part = images.Slice(2, 3);
        Assert.Equal(3, part.Count);
        Assert.Equal(Expand(images, 2, 3, 4), Expand(part, 0, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Slice(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Slice(-1, 1));
        Assert.Equal(0, images.Slice(6, 0).Count);
    }

    [Fact]
    public void Sha256_IsOfThePackedBytes()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new BinaryImages([]).Sha256);
        var images = Pack(RandomBits(images: 2, seed: 5));
        Assert.Equal(images.Sha256, new BinaryImages(images.Packed).Sha256);
        Assert.NotEqual(images.Sha256, images.Slice(0, 1).Sha256, StringComparer.Ordinal);
    }

    [Fact]
    public void TheImagesKeepTheirBits_WhenTheCallersArrayChanges()
    {
        var packed = new byte[BinaryImages.BytesPerImage];
        var images = new BinaryImages(packed);
        packed[0] = 255;
        Assert.Equal(0, images.Packed[0]);
    }

    [Fact]
    public void ErrorsNameTheArgument()
    {
        var images = Pack(RandomBits(images: 2, seed: 6));
        Assert.Equal("packed has 99 bytes; expected a multiple of 98 (Parameter 'packed')",
            Assert.Throws<ArgumentException>(() => new BinaryImages(new byte[99])).Message);
        Assert.Equal("indices[1] is 2; expected at least 0 and less than 2 (Parameter 'indices')",
            Assert.Throws<ArgumentOutOfRangeException>(() => images.Batch([0, 2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Batch([-1]));
    }

    private static float[] Expand(BinaryImages images, params int[] indices)
    {
        using var batch = images.Batch(indices);
        return batch.data<float>().ToArray();
    }

    private static bool[] RandomBits(int images, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images * 784).Select(_ => random.Next(2) == 1)];
    }

    private static BinaryImages Pack(bool[] bits)
    {
        var packed = new byte[bits.Length / 8];
        for (var i = 0; i < bits.Length; i++)
            packed[i / 8] |= (byte)(bits[i] ? 128 >> i % 8 : 0);
        return new BinaryImages(packed);
    }
}
