using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Gradients;

/// <summary>The parts of a long measurement that are done, one JSON line each in a folder of its own: a measurement that was
/// stopped goes on with the next part. A part is a pure function of the settings and its key, so the order in which parts
/// were done, and by how many processes one after the other, does not show in the numbers.</summary>
/// <typeparam name="T">What a part finds.</typeparam>
internal sealed class WorkLog<T> : IDisposable
{
    /// <summary>The file that makes a folder a measurement's.</summary>
    public const string FileName = "work.jsonl";

    private readonly RunFolder folder;
    private readonly LineLog log;
    private readonly Dictionary<string, T> done = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Opens the folder, making it where it does not exist, and holds it.</summary>
    /// <param name="settings">A record: everything that the numbers depend on.</param>
    /// <param name="rename">Gives the key that a part has now, where an earlier version may have written another.</param>
    /// <exception cref="InputException">It holds a measurement of other settings, or another process holds it.</exception>
    public WorkLog(string path, object settings, Func<string, string>? rename = null)
    {
        folder = RunFolder.Open(path);
        try
        {
            folder.Claim(settings);
            log = new(Path.Combine(path, FileName));
            foreach (var line in log.Lines)
            {
                var entry = JsonFile.Parse<Entry>(line, Path.Combine(path, FileName));
                done[rename?.Invoke(entry.Key) ?? entry.Key] = entry.Part;
            }
        }
        catch (Exception e)
        {
            log?.Dispose();
            folder.Dispose();
            if (log is not null && e is InputException)
                throw new InputException($"{e.Message} Delete the folder to start again.", e);
            throw;
        }
    }

    /// <summary>Reads the parts of a measurement, which may go on.</summary>
    /// <param name="rename">As for the constructor.</param>
    /// <exception cref="InputException">A part is not readable.</exception>
    public static IReadOnlyDictionary<string, T> Read(string path, Func<string, string>? rename = null)
    {
        var parts = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var entry in JsonFile.LogLines<Entry>(Path.Combine(path, FileName)))
            parts[rename?.Invoke(entry.Key) ?? entry.Key] = entry.Part;
        return parts;
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
            log.Add(new Entry(key, part));
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

    public void Dispose()
    {
        log.Dispose();
        folder.Dispose();
    }

    private sealed record Entry(string Key, T Part);
}
