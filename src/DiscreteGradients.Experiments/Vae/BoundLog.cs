using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>A bound on many images, kept block by block in a file of a run folder: a stopped evaluation goes on where it
/// was, with the same bits.</summary>
/// <param name="RunFolder">Of the model.</param>
/// <param name="Name">What is evaluated, as part of a file name.</param>
/// <param name="Identity">The checkpoint, in words or numbers: a file of another is started anew.</param>
public sealed record BoundLog(string RunFolder, string Name, string Identity)
{
    private const int BlockLength = 100;

    private string FilePath => Path.Combine(RunFolder, $"evaluation-{Name}.partial.jsonl");

    /// <summary>The log of a run's latest checkpoint.</summary>
    public static BoundLog Of(string runFolder, string name) =>
        new(runFolder, name, File.GetLastWriteTimeUtc(Runs.RunFolder.CheckpointIn(runFolder)).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>As <see cref="ImportanceBound.Evaluate"/>, and the same numbers.</summary>
    public BoundResult Evaluate(ImportanceBound bound, BinaryImages images, int count, int samples, ulong seed, int threads,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        count = Math.Min(count, images.Count);
        var (bounds, effective) = (new double[count], new double[count]);
        var head = new Head(Identity, count, samples, seed);
        var done = Read(head, bounds, effective);
        using var file = FolderFile.Open(FilePath, done == 0 ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read);
        if (done == 0) file.Write(Runs.RunFolder.Line(head));
        while (done < count)
        {
            var length = Math.Min(BlockLength, count - done);
            var before = done;
            bound.Fill(images, done, bounds.AsMemory(done, length), effective.AsMemory(done, length), count, samples, seed, threads,
                progress is null ? null : () => progress(Interlocked.Increment(ref done)), cancellation);
            done = before + length;
            file.Write(Runs.RunFolder.Line(new Block(before, bounds[before..done], effective[before..done])));
            file.Flush(flushToDisk: true);
        }
        return BoundResult.Of(bounds, effective, samples);
    }

    /// <summary>Deletes the file; to be called when the result is kept elsewhere.</summary>
    public void Delete() => File.Delete(FilePath);

    /// <summary>Reads the blocks that were finished, cuts a torn one off, and returns how many images they cover.</summary>
    private int Read(Head head, double[] bounds, double[] effective)
    {
        if (!File.Exists(FilePath)) return 0;
        var lines = InputFile.ReadText(FilePath).Split('\n');
        var whole = lines[..^1];   // what follows the last line's end is torn
        if (whole.Length == 0 || Parse<Head>(whole[0]) != head) return 0;
        var (done, length) = (0, System.Text.Encoding.UTF8.GetByteCount(whole[0]) + 1L);
        foreach (var line in whole.Skip(1))
        {
            if (Parse<Block>(line) is not { } block || block.Start != done || block.Bounds.Length != block.Effective.Length || done + block.Bounds.Length > bounds.Length) break;
            block.Bounds.CopyTo(bounds, done);
            block.Effective.CopyTo(effective, done);
            done += block.Bounds.Length;
            length += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
        }
        using var file = FolderFile.Open(FilePath, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(length);
        return done;
    }

    private static T? Parse<T>(string line)
        where T : class
    {
        try
        {
            return JsonFile.Parse<T>(line, "");
        }
        catch (InputException)
        {
            return null;
        }
    }

    private sealed record Head(string Checkpoint, int Images, int Samples, ulong Seed);

    private sealed record Block(int Start, double[] Bounds, double[] Effective);
}
