using System.Buffers;
using System.Text;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Reads .amat text: a line an image, 784 of 0 or 1 separated by single spaces. A space or carriage return at a
/// line's end is allowed, and so are a last line without its end, blank lines at the end and a byte-order mark.</summary>
internal static class AmatImages
{
    private const string Expected = "expected 784 of 0 or 1, separated by single spaces";
    private const int LineLength = 2 * BinaryImages.Pixels - 1;

    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="name">What errors call the file; null means its path.</param>
    /// <exception cref="InputException">The file cannot be read, is empty, or holds something else.</exception>
    public static BinaryImages Read(string path, string? name = null)
    {
        name ??= path;
        using var file = new DataFile(path, name);
        using var packed = new MemoryStream();
        var (image, count) = (new byte[BinaryImages.BytesPerImage], 0);
        foreach (var line in file.Lines(2 * LineLength))
        {
            Pack(line, image, name, ++count);
            packed.Write(image);
        }
        if (count == 0)
            throw new InputException($"{name}: empty; expected a line an image, 784 of 0 or 1");
        return new BinaryImages(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    private static void Pack(ReadOnlySpan<byte> line, Span<byte> image, string name, int number)
    {
        var trimmed = line.TrimEnd(" \r"u8);
        if (trimmed.Length != LineLength)
            throw Wrong(trimmed, name, number);
        var wrong = 0;
        for (var i = 0; i < image.Length; i++)
        {
            var bits = 0;
            for (var k = 16 * i; k < 16 * i + 16; k += 2)
            {
                var value = trimmed[k] ^ '0';
                wrong |= value & ~1 | (k + 1 < LineLength ? trimmed[k + 1] ^ ' ' : 0);
                bits = bits << 1 | value & 1;
            }
            image[i] = (byte)bits;
        }
        if (wrong != 0)
            throw Wrong(trimmed, name, number);
    }

    private static InputException Wrong(ReadOnlySpan<byte> line, string name, int number)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var fits = i % 2 == 0 ? line[i] is (byte)'0' or (byte)'1' : line[i] == ' ';
            if (!fits)
                return new InputException(Invariant($"{name}, line {number}, column {i + 1}: {Shown(line[i..])}; {Expected}"));
        }
        return new InputException(Invariant($"{name}, line {number}: {(line.Length + 1) / 2} values; {Expected}"));
    }

    private static string Shown(ReadOnlySpan<byte> rest) => rest[0] == ' ' ? "a space"
        : Rune.DecodeFromUtf8(rest, out var found, out _) == OperationStatus.Done
            ? Quote.Of(Invariant($"{found}")) : $"byte {rest[0]}";
}
