using System.Buffers.Binary;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Reads IDX image files, the format of MNIST and Fashion-MNIST: four big-endian 32-bit numbers (2051, count, rows,
/// columns), then a byte a pixel.</summary>
internal static class IdxImages
{
    private const int Magic = 2051;
    private const int Header = 16;
    private const int MostImages = 2_000_000; // they are one array

    /// <summary>The pixels, 784 bytes an image.</summary>
    /// <exception cref="InputException">The file cannot be read, is empty, or holds something else.</exception>
    public static byte[] Read(string path)
    {
        using var file = new DataFile(path);
        var header = file.ReadAtMost(Header);
        if (header.Length < Header)
            throw new InputException(
                $"{path}: {(header.Length == 0 ? "empty" : $"{header.Length} bytes")}; expected IDX images, {Header} bytes and then the pixels");
        var (magic, count, rows, columns) = (Number(header, 0), Number(header, 1), Number(header, 2), Number(header, 3));
        if (magic != Magic)
            throw new InputException($"{path}: starts with the number {magic}; expected {Magic}, the mark of IDX images");
        if (rows != 28 || columns != 28)
            throw new InputException($"{path}: images of {rows} x {columns} pixels; expected 28 x 28");
        if (count == 0)
            throw new InputException($"{path}: states 0 images; expected at least 1");
        if (count > MostImages)
            throw new InputException($"{path}: states {count} images; expected at most {MostImages}");
        var expected = count * BinaryImages.Pixels;
        var pixels = file.ReadAtMost(expected + 1);
        return pixels.Length == expected
            ? pixels
            : throw new InputException(
                $"{path}: {(pixels.Length > expected ? "more" : pixels.Length)} bytes of pixels; "
                + $"expected {expected} for the {count} images that it states");
    }

    private static uint Number(byte[] content, int position) =>
        BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4 * position));
}
