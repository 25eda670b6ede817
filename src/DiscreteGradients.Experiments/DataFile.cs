namespace DiscreteGradients.Experiments;

/// <summary>A data file while it is read, plain or gzip, which its first bytes tell. It is never held as a whole.</summary>
internal sealed class DataFile : IDisposable
{
    private static readonly byte[] GzipMark = [0x1f, 0x8b], ByteOrderMark = [0xef, 0xbb, 0xbf];
    private readonly string name;
    private readonly FileStream file;
    private readonly Gunzip? gunzip;

    /// <summary>Opens a file.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="name">What errors call it; null for its path.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public DataFile(string path, string? name = null)
    {
        this.name = name ?? path;
        file = InputFile.Open(path);
        var mark = new byte[GzipMark.Length];
        var count = file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (mark.AsSpan(0, count).SequenceEqual(GzipMark)) gunzip = new(file, this.name);
    }

    /// <summary>The first of the names that exists in the directory, plain before .gz; null if none does.</summary>
    public static string? Find(string directory, params ReadOnlySpan<string> names)
    {
        foreach (var candidate in names)
        {
            var path = Path.Combine(directory, candidate);
            if (File.Exists(path)) return path;
            if (File.Exists(path + ".gz")) return path + ".gz";
        }
        return null;
    }

    /// <summary>The next bytes; fewer only at the end.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not whole gzip data.</exception>
    public byte[] ReadAtMost(long count)
    {
        using var read = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (read.Length < count && Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - read.Length))) is > 0 and var more) read.Write(buffer, 0, more);
        return read.ToArray();
    }

    /// <summary>The lines without their ends and without a byte-order mark. Blank lines at the end are left out.</summary>
    /// <param name="longest">Bytes of a line at most.</param>
    /// <exception cref="InputException">The file cannot be read, is not whole gzip data, or has a longer line.</exception>
    public IEnumerable<byte[]> Lines(int longest)
    {
        var number = 1;
        using var line = new MemoryStream();
        var (buffer, blanks) = (new byte[1 << 16], 0);
        for (int count, from; ;)
        {
            for (count = Read(buffer), from = 0; from < count;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', from, count - from);
                line.Write(buffer, from, (end < 0 ? count : end) - from);
                if (line.Length > longest) throw new InputException(Invariant($"{name}, line {number}: more than {longest} bytes; expected at most so many"));
                if (end < 0) break;
                from = end + 1;
                if (Taken() is not { } taken) continue;
                for (; blanks > 0; blanks--) yield return [];
                yield return taken;
            }
            if (count > 0) continue;
            if (Taken() is { } last)
            {
                for (; blanks > 0; blanks--) yield return [];
                yield return last;
            }
            yield break;
        }

        // Null, and one blank line more, where there is nothing in it.
        byte[]? Taken()
        {
            var content = line.ToArray();
            if (number++ == 1 && content.AsSpan().StartsWith(ByteOrderMark)) content = content[ByteOrderMark.Length..];
            line.SetLength(0);
            if (content.AsSpan().Trim(" \t\r"u8).Length > 0) return content;
            blanks++;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gunzip?.Dispose();
        file.Dispose();
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            return gunzip?.Read(buffer) ?? file.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{name}: not whole gzip data ({e.Message.TrimEnd('.')}); expected a complete gzip file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }
}
