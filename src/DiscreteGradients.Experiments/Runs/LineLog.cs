using System.Text;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>A file of JSON lines to which long work is added part by part: when its process is killed, whole lines stay, and what
/// was cut off in the middle of one is cut off when the file is opened again.</summary>
internal sealed class LineLog : IDisposable
{
    private readonly FileStream stream;

    /// <summary>Opens the file, making it where it does not exist, and holds it for writing.</summary>
    /// <exception cref="InputException">It is a symbolic link, a folder, a pipe or a device.</exception>
    public LineLog(string path)
    {
        stream = FolderFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        Lines = Encoding.UTF8.GetString(bytes, 0, Array.LastIndexOf(bytes, (byte)'\n') + 1).Split('\n')[..^1];
        Keep(Lines.Count);
    }

    /// <summary>The whole lines that were there.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Cuts the file after so many of <see cref="Lines"/>. One that ends there is not touched: its time is that of the
    /// last part that was added.</summary>
    public void Keep(int lines)
    {
        var length = Lines.Take(lines).Sum(line => Encoding.UTF8.GetByteCount(line) + 1L);
        if (stream.Length != length) stream.SetLength(length);
        stream.Seek(0, SeekOrigin.End);
    }

    /// <summary>Adds a line; on the disk when this returns.</summary>
    public void Add<T>(T line)
    {
        stream.Write(RunFolder.Line(line));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Adds a line to a file that is not held in between. One that was cut off before it, as by a full disk, is ended
    /// first: else the two were one that nobody can read.</summary>
    /// <param name="share">What others may do with the file meanwhile.</param>
    /// <exception cref="InputException">It is a symbolic link, a folder, a pipe or a device.</exception>
    public static void Append<T>(string path, T line, FileShare share)
    {
        using var file = FolderFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n') file.WriteByte((byte)'\n');
        }
        file.Write(RunFolder.Line(line));
    }

    public void Dispose() => stream.Dispose();
}
