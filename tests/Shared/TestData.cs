using System.Text;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients;

/// <summary>Small random data sets, the same at each run.</summary>
internal static class TestData
{
    /// <summary>Noisy pictures: each of four patterns with a tenth of its pixels turned over.</summary>
    public static BinaryImages Images(int count, int seed)
    {
        var random = new Random(seed);
        var packed = new byte[count * BinaryImages.BytesPerImage];
        for (var pixel = 0; pixel < packed.Length * 8; pixel++)
        {
            var (image, place) = (pixel / BinaryImages.Pixels, pixel % BinaryImages.Pixels);
            var on = (place * (image % 4 + 1) / 97 % 3 == 0) ^ (random.Next(10) == 0);
            if (on) packed[pixel / 8] |= (byte)(128 >> pixel % 8);
        }
        return new(packed);
    }

    public static MnistData Mnist(int train = 30, int valid = 6, int test = 5) =>
        new("random images", "none", Images(train, 1), Images(valid, 2), Images(test, 3));

    /// <summary>Writes the three parts of <see cref="Mnist"/> as .amat text.</summary>
    public static void WriteAmat(string directory, int train = 30, int valid = 6, int test = 5)
    {
        var data = Mnist(train, valid, test);
        Directory.CreateDirectory(directory);
        foreach (var (name, part) in new[] { ("train", data.Train), ("valid", data.Valid), ("test", data.Test) })
            File.WriteAllText(Path.Combine(directory, $"binarized_mnist_{name}.amat"), Text(part));
    }

    private static string Text(BinaryImages images)
    {
        using var batch = images.Batch([.. Enumerable.Range(0, images.Count)]);
        var pixels = batch.data<float>().ToArray();
        var text = new StringBuilder();
        foreach (var line in pixels.Chunk(BinaryImages.Pixels)) text.AppendJoin(' ', line).Append('\n');
        return text.ToString();
    }
}
