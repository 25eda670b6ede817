using System.Buffers.Binary;
using System.Text;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>Small data files, made here.</summary>
internal static class DataFiles
{
    public static readonly string[] AmatNames = ["binarized_mnist_train.amat", "binarized_mnist_valid.amat", "binarized_mnist_test.amat"];

    /// <summary>An image with every pixel off but the named ones.</summary>
    public static string AmatLine(params int[] on) => string.Join(' ', Enumerable.Range(0, 784).Select(i => on.Contains(i) ? '1' : '0'));

    /// <summary>Image i has the pixels i and 783 - i on.</summary>
    public static string Amat(int images, string lineEnd = "\n")
    {
        var text = new StringBuilder();
        for (var i = 0; i < images; i++)
            text.Append(AmatLine(i % 784, 783 - i % 784)).Append(lineEnd);
        return text.ToString();
    }

    public static byte[] Idx(int images, Func<int, byte> pixel, int magic = 2051, int rows = 28, int columns = 28)
    {
        var content = new byte[16 + images * rows * columns];
        int[] header = [magic, images, rows, columns];
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * i), header[i]);
        for (var i = 16; i < content.Length; i++)
            content[i] = pixel(i - 16);
        return content;
    }

    public static void WriteAmat(TemporaryFolder folder, int train, int valid, int test, string suffix = "")
    {
        foreach (var (name, count) in AmatNames.Zip([train, valid, test]))
            folder.Write(name + suffix, Amat(count));
    }

    /// <summary>Of what <see cref="WriteAmat"/> writes.</summary>
    public static DataChecksums Checksums(int train, int valid, int test)
    {
        using var folder = new TemporaryFolder();
        WriteAmat(folder, train, valid, test);
        return MnistData.Load(folder.FullPath).Checksums;
    }
}
