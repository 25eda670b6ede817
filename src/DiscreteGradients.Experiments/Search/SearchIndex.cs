using System.Text.Json;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The records of a search in one file, index.jsonl, so that thousands are read at once. It is a cache: each entry
/// is checked against the dates of its files, and the whole can be deleted.</summary>
public static class SearchIndex
{
    private const string FileName = "index.jsonl";

    /// <summary>Every trial with what is recorded of it, in the search's order.</summary>
    public static IReadOnlyList<TrialState> Load(SearchFolder search)
    {
        var known = Read(search);
        var entries = new List<Entry>(known.Count);
        var changed = false;
        var states = search.Trials.Select(trial =>
        {
            var folder = search.PathOf(trial);
            var (record, final) = (Stamp(folder, SearchFolder.RecordName), Stamp(folder, SearchFolder.FinalName));
            if (record == 0) return new TrialState(trial, null, null);
            if (!known.TryGetValue(trial.Path, out var entry) || (entry.RecordStamp, entry.FinalStamp) != (record, final))
            {
                entry = new(trial.Path, record, final, search.RecordOf(trial)!, search.FinalOf(trial));
                changed = true;
            }
            entries.Add(entry);
            return new TrialState(trial, entry.Record, entry.Final);
        }).ToList();
        if (changed) TryWrite(search, entries);
        return states;
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
        try
        {
            return File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Entry>(line, JsonText.Line)!).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return [];
        }
    }

    // A reader may not be allowed to write.
    private static void TryWrite(SearchFolder search, IEnumerable<Entry> entries)
    {
        try
        {
            AtomicFile.Write(Path.Combine(search.Path, FileName), stream =>
            {
                foreach (var entry in entries) stream.Write(RunFolder.Line(entry));
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next reader makes it.
        }
    }

    private sealed record Entry(string Path, long RecordStamp, long FinalStamp, TrialRecord Record, FinalRecord? Final);
}
