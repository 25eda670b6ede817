using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>A bound on many images, kept block by block in a file of a run folder: a stopped evaluation goes on where it
/// was, with the same bits.</summary>
/// <param name="Name">What is evaluated, as part of a file name.</param>
/// <param name="Identity">The model, as <see cref="VaeModel.Checksum"/> tells it: a file of another is started anew.</param>
/// <param name="Images">The number of images. It is part of the file name, as M and the seed are: an evaluation in between
/// leaves a stopped one as it is.</param>
/// <param name="Samples">M.</param>
internal sealed record BoundLog(string RunFolder, string Name, string Identity, int Images, int Samples, ulong Seed)
{
    private const int BlockLength = 100;

    private string FilePath =>
        Path.Combine(RunFolder, Invariant($"evaluation-{Name}-{Images}-{Samples}-{Seed}{Runs.RunFolder.PartialEnding}"));

    /// <summary>Evaluates a bound as <see cref="ImportanceBound.Evaluate"/> does, with the same numbers.</summary>
    public BoundResult Evaluate(ImportanceBound bound, BinaryImages images, int threads, Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        var count = Math.Min(Images, images.Count);
        var (bounds, effective) = (new double[count], new double[count]);
        var head = new Head(Identity, count, Samples, Seed);
        using var log = new LineLog(FilePath);
        var done = Restore(log, head, bounds, effective);
        while (done < count)
        {
            var length = Math.Min(BlockLength, count - done);
            var before = done;
            bound.Fill(images, done, bounds.AsMemory(done, length), effective.AsMemory(done, length), count, Samples, Seed,
                threads, progress is null ? null : () => progress(Interlocked.Increment(ref done)), cancellation);
            done = before + length;
            log.Add(new Block(before, bounds[before..done], effective[before..done]));
        }
        return BoundResult.Of(bounds, effective, Samples);
    }

    /// <summary>Deletes the file; to be called when the result is kept elsewhere.</summary>
    public void Delete() => File.Delete(FilePath);

    /// <summary>Takes in the blocks that were finished, and returns how many images they cover; a log of something else is begun
    /// anew.</summary>
    private static int Restore(LineLog log, Head head, double[] bounds, double[] effective)
    {
        var (done, kept) = (0, 1);
        if (log.Lines.Count == 0 || Parse<Head>(log.Lines[0]) != head)
        {
            log.Keep(0);
            log.Add(head);
            return done;
        }
        foreach (var line in log.Lines.Skip(1))
        {
            if (Parse<Block>(line) is not { } block || block.Start != done || block.Bounds.Length != block.Effective.Length
                || done + block.Bounds.Length > bounds.Length) break;
            block.Bounds.CopyTo(bounds, done);
            block.Effective.CopyTo(effective, done);
            done += block.Bounds.Length;
            kept++;
        }
        log.Keep(kept);
        return done;
    }

    private static T? Parse<T>(string line)
        where T : class => Attempt.ToRead(() => JsonFile.Parse<T>(line, "")).FirstOrDefault();

    private sealed record Head(string Checkpoint, int Images, int Samples, ulong Seed);

    private sealed record Block(int Start, double[] Bounds, double[] Effective);
}

/// <summary>A bound on a split, as a run folder keeps it for the reports.</summary>
internal sealed record BoundRecord(Split Split, BoundResult Result, ulong Seed, string Data, string Binarisation, string Version)
{
    /// <summary>Writes it into a run folder, as <see cref="PathIn"/> names it.</summary>
    /// <param name="images">How many; null for all of the split.</param>
    public void Save(string runFolder, int? images = null) =>
        RunFolder.WriteJson(runFolder, Path.GetFileName(PathIn(runFolder, Split, images)), this);

    /// <summary>Reads it; null where the split was not evaluated.</summary>
    public static BoundRecord? Read(string runFolder, Split split) => JsonFile.Read<BoundRecord>(PathIn(runFolder, split));

    /// <summary>The file of a run folder: evaluation-SPLIT.json, or evaluation-SPLIT-N-images.json of a part.</summary>
    /// <param name="images">How many; null for all of the split.</param>
    public static string PathIn(string runFolder, Split split, int? images = null) =>
        Path.Combine(runFolder,
            $"evaluation-{JsonText.Word(split)}{(images is null ? "" : Invariant($"-{images}-images"))}.json");
}
