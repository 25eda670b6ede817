using System.Globalization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>The right to work on a trial: claim-0.json, claim-1.json … in its folder, the last of which counts. A claim is
/// made by creating the next file, which only one process can; none is ever moved or deleted while the trial runs.</summary>
internal sealed class TrialClaim
{
    // What a power cut or a full disk left of a claim: a worker's that does not live, and that is no fault of the trial.
    private static readonly Content Lost = new("", long.MinValue);

    private const int MostErrors = 3, MostDeaths = 10;
    private readonly string path;
    private readonly int number;
    private Content content;

    private TrialClaim(string path, int number, Content content) => (this.path, this.number, this.content) = (path, number, content);

    /// <summary>Why the trial is to be given up; null where it is to be run.</summary>
    public string? GiveUpReason { get; private init; }

    /// <summary>Takes a trial; null where another worker has it.</summary>
    /// <param name="path">The trial's folder.</param>
    /// <param name="workers">Where workers are registered.</param>
    public static TrialClaim? Take(string path, string workers, string worker)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FolderFile.Make(path);
        var claims = Read(path);
        if (claims is [.., var last] && IsBusy(last, workers)) return null;
        var checkpoint = RunFolder.CheckpointIn(path);
        var progress = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint).Ticks : 0;
        var claim = new TrialClaim(path, claims.Count, new(worker, progress)) { GiveUpReason = Judge(claims, progress) };
        if (!AtomicFile.TryCreate(claim.FilePath, RunFolder.Line(claim.content))) return null;
        AtomicFile.Clean(path);
        return claim;
    }

    /// <summary>Whether another worker, taking this one for lost, has claimed the trial since.</summary>
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
            // On a full disk there is room for it where the claim is: "true" is shorter than "false".
            using var file = FolderFile.Open(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(line);
            file.SetLength(line.Length);
        }
    }

    private string FilePath => PathOf(path, number);

    private static bool IsBusy(Content claim, string workers) => !claim.Released && WorkerRegistration.Lives(workers, claim.Worker);

    // Errors of our program count wherever they happen; a process that was killed did nothing wrong, unless it is killed
    // again and again at the same place, as where memory runs out.
    private static string? Judge(IReadOnlyList<Content> claims, long progress)
    {
        var errors = claims.Where(claim => claim.Error is not null).ToList();
        if (errors.Count >= MostErrors) return errors[^1].Error;
        var deaths = claims.AsEnumerable().Reverse().TakeWhile(claim => !claim.Released && claim.Checkpoint == progress).Count();
        return deaths >= MostDeaths ? Invariant($"its process ended {deaths} times without a checkpoint in between") : null;
    }

    private static List<Content> Read(string path)
    {
        var claims = new List<Content>();
        while (File.Exists(PathOf(path, claims.Count))) claims.Add(JsonFile.ReadOrDefault<Content>(PathOf(path, claims.Count)) ?? Lost);
        return claims;
    }

    private static string PathOf(string path, int number) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"claim-{number}.json"));

    private sealed record Content(string Worker, long Checkpoint)
    {
        public bool Released { get; init; }

        public string? Error { get; init; }
    }
}
