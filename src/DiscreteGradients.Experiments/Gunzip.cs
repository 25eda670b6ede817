using System.IO.Compression;
using System.Text;

namespace DiscreteGradients.Experiments;

/// <summary>The content of gzip data, all of their members one after the other, as it is read.</summary>
/// <remarks>.NET's own stream ends without an error where its input is cut off. So a member of ours is put behind the data:
/// only if they are whole does its text come out at the end.</remarks>
internal sealed class Gunzip : IDisposable
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

    private readonly string name;
    private readonly GZipStream content;
    private readonly long most;
    private readonly byte[] buffer = new byte[1 << 17];
    private int start, filled;
    private long expanded;
    private bool ended;

    /// <param name="zipped">Gzip data; owned from here on.</param>
    /// <param name="name">What errors call it.</param>
    public Gunzip(FileStream zipped, string name)
    {
        this.name = name;
        content = new GZipStream(new Joined(zipped, new MemoryStream(LastMember)), CompressionMode.Decompress);
        most = Math.Max(AlwaysAllowed, MostTimes * zipped.Length);
    }

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

    /// <inheritdoc/>
    public void Dispose() => content.Dispose();

    // What is handed out is known to stand before the end.
    private void Fill()
    {
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        (start, filled) = (0, filled - start);
        var count = content.Read(buffer, filled, buffer.Length - filled);
        (filled, expanded) = (filled + count, expanded + count);
        if (expanded - End.Length > most) throw new InputException(Invariant($"{name}: expands to more than {most >> 20} MiB; expected at most {MostTimes} times the file's size or {AlwaysAllowed >> 20} MiB"));
        if (count > 0) return;
        if (!buffer.AsSpan(0, filled).EndsWith(End)) throw new InvalidDataException("its end is missing, or something follows it");
        (filled, ended) = (filled - End.Length, true);
    }

    private static byte[] Zip(byte[] text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(text);
        return zipped.ToArray();
    }

    /// <summary>One stream after the other.</summary>
    private sealed class Joined(Stream first, Stream last) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => first.Read(buffer) is > 0 and var count ? count : last.Read(buffer);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}
