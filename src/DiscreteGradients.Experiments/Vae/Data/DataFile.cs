using System.Buffers.Binary;
using System.IO.Compression;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>Files that may be stored plain or as .gz.</summary>
internal static class DataFile
{
    private const int SmallestGzip = 18;
    private const long LargestRatio = 1032; // of deflate: 258 bytes from 2 bits

    /// <summary>The first of the names that exists in the directory, plain before .gz; null if none does.</summary>
    public static string? Find(string directory, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path))
                return path;
            if (File.Exists(path + ".gz"))
                return path + ".gz";
        }
        return null;
    }

    /// <summary>The file's content, decompressed if its name ends in .gz.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not whole gzip data.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Unzip(content) : content;
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path}: not whole gzip data ({e.Message.TrimEnd('.')}); expected a complete .gz file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    // GZipStream ends without an error where its input is cut off; the size at the file's end tells. So data of several
    // members, which gzip itself never writes, are refused.
    private static byte[] Unzip(byte[] zipped)
    {
        if (zipped.Length < SmallestGzip)
            throw new InvalidDataException($"it has {zipped.Length} bytes");
        using var unzipped = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(zipped.AsSpan(zipped.Length - 4));
        if (size > Math.Min(LargestRatio * zipped.Length, Array.MaxLength))
            throw new InvalidDataException("its end is missing");
        var content = new byte[size];
        if (unzipped.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < size || unzipped.ReadByte() >= 0)
            throw new InvalidDataException("its end is missing");
        return content;
    }
}
