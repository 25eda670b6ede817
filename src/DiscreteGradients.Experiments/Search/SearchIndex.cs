using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The records of a search in one file, index.jsonl, so that thousands are read at once. It is a cache: each entry
/// is checked against the dates of its files, and the whole can be deleted.</summary>
internal static class SearchIndex
{
    private const string FileName = "index.jsonl";
    private const int AtOnce = 16;

    /// <summary>Every trial with what is recorded of it, in the search's order.</summary>
    public static IReadOnlyList<TrialState> Load(SearchFolder search)
    {
        var known = Read(search);
        // Many at once: on a shared file system each question waits for an answer.
        var entries = search.Trials.AsParallel().AsOrdered().WithDegreeOfParallelism(AtOnce)
            .Select(trial => Look(search, trial, known.GetValueOrDefault(trial.Path))).ToList();
        if (entries.Exists(entry => entry is not null && !ReferenceEquals(entry, known.GetValueOrDefault(entry.Path))))
            TryWrite(search, entries.OfType<Entry>());
        return [.. search.Trials.Zip(entries, (trial, entry) => new TrialState(trial, entry?.Record, entry?.Final, entry?.Cost))];
    }

    private static Entry? Look(SearchFolder search, Trial trial, Entry? known)
    {
        var folder = search.PathOf(trial);
        var (record, final) = (Stamp(folder, SearchFolder.RecordName), Stamp(folder, SearchFolder.FinalName));
        if (record == 0) return null;
        return (known?.RecordStamp, known?.FinalStamp) == (record, final)
            ? known
            : new(trial.Path, record, final, search.RecordOf(trial)!, search.FinalOf(trial), TrialCost.Of(folder));
    }

    private static long Stamp(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists ? file.LastWriteTimeUtc.Ticks : 0;
    }

    private static Dictionary<string, Entry> Read(SearchFolder search)
    {
        var path = Path.Combine(search.Path, FileName);
        if (!File.Exists(path)) return [];
        var known = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in JsonFile.ReadableLines<Entry>(path)) known[entry.Path] = entry;
        return known;
    }

    // A reader may not be allowed to write; then the next one makes it.
    private static void TryWrite(SearchFolder search, IEnumerable<Entry> entries) =>
        Attempt.To(() => AtomicFile.Write(Path.Combine(search.Path, FileName), stream =>
        {
            foreach (var entry in entries) stream.Write(RunFolder.Line(entry));
        }));

    private sealed record Entry(string Path, long RecordStamp, long FinalStamp, TrialRecord Record, FinalRecord? Final,
        TrialCost Cost);
}
