using System.IO.Compression;
using System.Text;

namespace DiscreteGradients.Experiments;

/// <summary>A data file while it is read, plain or gzip, which its first bytes tell. It is never held as a whole.</summary>
internal sealed class DataFile : IDisposable
{
    private static readonly byte[] GzipMark = [0x1f, 0x8b], ByteOrderMark = [0xef, 0xbb, 0xbf];
    private readonly string name;
    private readonly FileStream file;
    private readonly Gunzip? gunzip;

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
        while (read.Length < count
            && Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - read.Length))) is > 0 and var more)
        {
            read.Write(buffer, 0, more);
        }
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
                if (line.Length > longest) throw new InputException(
                    Invariant($"{name}, line {number}: more than {longest} bytes; expected at most so many"));
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

/// <summary>The content of gzip data, all of their members one after the other, as it is read.</summary>
/// <remarks>.NET's own stream ends without an error where its input is cut off. So a member of ours is put behind the data:
/// only if they are whole does its text come out at the end.</remarks>
/// <param name="zipped">Gzip data; the caller's to dispose of.</param>
internal sealed class Gunzip(FileStream zipped, string name) : IDisposable
{
    /// <summary>The times of its own size that a file may expand to.</summary>
    public const int MostTimes = 50;

    /// <summary>The bytes that any file may expand to, 64 MiB.</summary>
    public const long AlwaysAllowed = 64 << 20;

    // It compresses, so that it never stands in the data as it is.
    private static readonly byte[] End = Encoding.ASCII.GetBytes(new string('$', 64));
    private static readonly byte[] LastMember = Zip(End);

    // What is made of our member where it is taken for a part of one that was cut off is at most so long.
    private static readonly int Held = 1032 * LastMember.Length;

    private readonly GZipStream content = new(new Joined(zipped), CompressionMode.Decompress);
    private readonly long most = Math.Max(AlwaysAllowed, MostTimes * zipped.Length);
    private readonly byte[] buffer = new byte[1 << 17];
    private int start, filled;
    private long expanded;
    private bool ended;

    /// <summary>Reads some bytes; 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The data are damaged, cut off or followed by something else.</exception>
    /// <exception cref="InputException">They expand beyond the limit.</exception>
    public int Read(Span<byte> destination)
    {
        while (!ended && filled - start <= Held) Fill();
        var count = Math.Min(destination.Length, filled - start - (ended ? 0 : Held));
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    public void Dispose() => content.Dispose();

    // What is handed out is known to stand before the end.
    private void Fill()
    {
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        (start, filled) = (0, filled - start);
        var count = content.Read(buffer, filled, buffer.Length - filled);
        (filled, expanded) = (filled + count, expanded + count);
        if (expanded - End.Length > most) throw new InputException(
            Invariant($"{name}: expands to more than {most >> 20} MiB; expected at most {MostTimes} times the file's size or {AlwaysAllowed >> 20} MiB"));
        if (count > 0) return;
        if (!buffer.AsSpan(0, filled).EndsWith(End))
            throw new InvalidDataException("its end is missing, or something follows it");
        (filled, ended) = (filled - End.Length, true);
    }

    private static byte[] Zip(byte[] text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(text);
        return zipped.ToArray();
    }

    /// <summary>The data, and then our member.</summary>
    private sealed class Joined(Stream data) : MemoryStream(LastMember, writable: false)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) =>
            data.Read(buffer, offset, count) is > 0 and var read ? read : base.Read(buffer, offset, count);
    }
}
