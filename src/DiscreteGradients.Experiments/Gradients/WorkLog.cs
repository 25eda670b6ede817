using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Gradients;

/// <summary>The parts of a long measurement that are done, one JSON line each in a folder of its own: a measurement that was
/// stopped goes on with the next part. A part is a pure function of the settings and its key, so the order in which parts
/// were done, and by how many processes one after the other, does not show in the numbers.</summary>
/// <typeparam name="T">What a part finds.</typeparam>
public sealed class WorkLog<T> : IDisposable
{
    private readonly RunFolder folder;
    private readonly FileStream stream;
    private readonly Dictionary<string, T> done = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Opens the folder, making it where it does not exist, and holds it.</summary>
    /// <param name="path">Of the measurement alone.</param>
    /// <param name="settings">A record: everything that the numbers depend on.</param>
    /// <exception cref="InputException">It holds a measurement of other settings, or another process holds it.</exception>
    public WorkLog(string path, object settings)
    {
        folder = RunFolder.Open(path);
        try
        {
            folder.Claim(settings);
            stream = FolderFile.Open(System.IO.Path.Combine(path, "work.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            Read();
        }
        catch
        {
            stream?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The folder.</summary>
    public string Path => folder.Path;

    /// <summary>Parts done.</summary>
    public int Count
    {
        get
        {
            lock (gate) return done.Count;
        }
    }

    /// <summary>A part that is done.</summary>
    public bool TryGet(string key, out T part)
    {
        lock (gate) return done.TryGetValue(key, out part!);
    }

    /// <summary>Records a part; on the disk when this returns.</summary>
    public void Add(string key, T part)
    {
        lock (gate)
        {
            stream.Write(RunFolder.Line(new Entry(key, part)));
            stream.Flush(flushToDisk: true);
            done.Add(key, part);
        }
    }

    /// <summary>The part, done now if it is not yet.</summary>
    public T GetOrAdd(string key, Func<T> measure)
    {
        if (TryGet(key, out var part)) return part;
        part = measure();
        Add(key, part);
        return part;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        folder.Dispose();
    }

    /// <summary>Takes in the whole lines; what a crash cut off is cut off.</summary>
    private void Read()
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        foreach (var line in System.Text.Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var entry = JsonFile.Parse<Entry>(line, stream.Name);
                done[entry.Key] = entry.Part;
            }
            catch (InputException e)
            {
                throw new InputException($"{e.Message} Delete the folder to start again.", e);
            }
        }
        stream.SetLength(whole);
        stream.Seek(0, SeekOrigin.End);
    }

    private sealed record Entry(string Key, T Part);
}
