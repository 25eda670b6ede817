using System.Buffers.Binary;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Reads IDX image files, the format of MNIST and Fashion-MNIST: four big-endian 32-bit numbers (2051, count, rows,
/// columns), then a byte a pixel.</summary>
internal static class IdxImages
{
    private const int Magic = 2051;
    private const int Header = 16;

    /// <summary>The pixels, 784 bytes an image.</summary>
    /// <exception cref="InputException">The file cannot be read, is empty, or holds something else.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        var content = DataFile.Read(path);
        if (content.Length < Header)
            throw new InputException($"{path}: {(content.Length == 0 ? "empty" : $"{content.Length} bytes")}; expected IDX images, {Header} bytes and then the pixels");
        var (magic, count, rows, columns) = (Number(content, 0), Number(content, 1), Number(content, 2), Number(content, 3));
        if (magic != Magic)
            throw new InputException($"{path}: starts with the number {magic}; expected {Magic}, the mark of IDX images");
        if (rows != 28 || columns != 28)
            throw new InputException($"{path}: images of {rows} x {columns} pixels; expected 28 x 28");
        if (count == 0)
            throw new InputException($"{path}: states 0 images; expected at least 1");
        var pixels = content.AsMemory(Header);
        return pixels.Length == (long)count * BinaryImages.Pixels
            ? pixels
            : throw new InputException($"{path}: {pixels.Length} bytes of pixels; expected {(long)count * BinaryImages.Pixels} for the {count} images that it states");
    }

    private static uint Number(byte[] content, int position) =>
        BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4 * position));
}
