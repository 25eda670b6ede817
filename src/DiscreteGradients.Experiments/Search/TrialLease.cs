using System.Globalization;
using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>A lease is the right to work on a trial: claim-0.json, claim-1.json … in its folder, the last of which counts. It is
/// taken by creating the next file, which only one process can, and ends when its worker gives it back or has no heartbeat; none
/// is ever moved or deleted while the trial runs.</summary>
internal sealed class TrialLease
{
    // What a power cut or a full disk left of a lease: a worker's that does not live, and that is no fault of the trial.
    private static readonly Content Lost = new("", long.MinValue);

    private const int MostErrors = 3, MostDeaths = 10;
    private readonly string path;
    private readonly int number;
    private Content content;

    private TrialLease(string path, int number, Content content) =>
        (this.path, this.number, this.content) = (path, number, content);

    /// <summary>Why the trial is to be given up; null where it is to be run.</summary>
    public string? GiveUpReason { get; private init; }

    /// <summary>Takes a trial; null where another worker has it.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="workers">Where workers are registered.</param>
    public static TrialLease? Take(string path, string workers, string worker)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FolderFile.Make(path);
        var leases = Read(path);
        if (leases is [.., var last] && IsBusy(last, workers)) return null;
        var progress = ProgressOf(path);
        var lease = new TrialLease(path, leases.Count, new(worker, progress)) { GiveUpReason = Judge(leases, progress) };
        if (!AtomicFile.TryCreate(lease.FilePath, RunFolder.Line(lease.content))) return null;
        AtomicFile.Clean(path);
        return lease;
    }

    /// <summary>Tells whether another worker, taking this one for lost, has leased the trial since.</summary>
    public bool IsLost => File.Exists(PathOf(path, number + 1));

    /// <summary>Gives the trial back, or away when it has ended.</summary>
    /// <param name="error">What went wrong; null for nothing.</param>
    public void Release(string? error = null)
    {
        content = content with { Released = true, Error = error };
        var line = RunFolder.Line(content);
        try
        {
            AtomicFile.Write(FilePath, stream => stream.Write(line));
        }
        catch (IOException) when (error is null)
        {
            // On a full disk there is room for it where the lease is: "true" is shorter than "false".
            using var file = FolderFile.Open(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(line);
            file.SetLength(line.Length);
        }
    }

    /// <summary>Gives the trial back as one that nobody is to try again, for <see cref="GiveUpReason"/>.</summary>
    public void GiveUp()
    {
        content = content with { GivenUp = true };
        Release(GiveUpReason);
    }

    private string FilePath => PathOf(path, number);

    private static bool IsBusy(Content lease, string workers) =>
        !lease.Released && WorkerRegistration.Lives(workers, lease.Worker);

    // Errors of our program count wherever they happen; a process that was killed did nothing wrong, unless it is killed
    // again and again at the same place, as where memory runs out.
    private static string? Judge(IReadOnlyList<Content> leases, long progress)
    {
        if (leases is [.., { GivenUp: true } last]) return last.Error;
        var errors = leases.Where(lease => lease.Error is not null).ToList();
        if (errors.Count >= MostErrors) return errors[^1].Error;
        var deaths = leases.AsEnumerable().Reverse().TakeWhile(lease => !lease.Released && lease.Progress == progress).Count();
        return deaths >= MostDeaths ? Invariant($"its process ended {deaths} times and it got no further in between") : null;
    }

    // When the trial last got on: the time of its checkpoint, or of the log of a bound.
    private static long ProgressOf(string path) =>
        Directory.EnumerateFiles(path, $"*{RunFolder.PartialEnding}").Append(RunFolder.CheckpointIn(path)).Where(File.Exists)
            .Max(file => (long?)File.GetLastWriteTimeUtc(file).Ticks) ?? 0;

    private static List<Content> Read(string path)
    {
        var leases = new List<Content>();
        while (File.Exists(PathOf(path, leases.Count)))
            leases.Add(JsonFile.ReadOrDefault<Content>(PathOf(path, leases.Count)) ?? Lost);
        return leases;
    }

    private static string PathOf(string path, int number) =>
        Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"claim-{number}.json"));

    private sealed record Content(string Worker, [property: JsonPropertyName("checkpoint")] long Progress)
    {
        public bool Released { get; init; }

        public string? Error { get; init; }

        public bool GivenUp { get; init; }
    }
}
