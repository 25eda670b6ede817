using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch.utils;

namespace DiscreteGradients.Experiments.Export;

/// <summary>The metrics of runs as TensorBoard event files, while the runs go on: whatever is added to a metrics.jsonl is added
/// to the events within seconds, and the rest when this is disposed of.</summary>
internal sealed class LiveEvents : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Func<IEnumerable<(string Name, string Folder)>> runs;
    private readonly string folder, partial = Directory.CreateTempSubdirectory("dgrad-").FullName;
    private readonly Dictionary<string, EventFile> files = new(StringComparer.Ordinal);
    private readonly Lock writing = new();
    private readonly Timer timer;

    /// <summary>Begins to follow.</summary>
    /// <param name="folder">A folder is made in it for each run, as TensorBoard expects.</param>
    /// <param name="runs">The runs with the names of their folders; those without metrics yet may be among them.</param>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public LiveEvents(string folder, Func<IEnumerable<(string Name, string Folder)>> runs)
    {
        (this.folder, this.runs) = (folder, runs);
        FolderFile.MakeNamed(folder);
        timer = new Timer(_ => Attempt.To(Update), null, Interval, Interval);
    }

    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            if (timer.Dispose(stopped)) stopped.WaitOne();
        }
        Attempt.To(Update);
        Directory.Delete(partial, recursive: true);
    }

    private void Update()
    {
        // A tick that comes during another leaves the work to it.
        if (!writing.TryEnter()) return;
        try
        {
            foreach (var (name, run) in runs().Where(run => File.Exists(Path.Combine(run.Folder, "metrics.jsonl"))))
            {
                if (!files.TryGetValue(name, out var file))
                    files[name] = file = new EventFile(Path.Combine(partial, $"{files.Count}"), Path.Combine(folder, name));
                file.Add(run);
            }
        }
        finally
        {
            writing.Exit();
        }
    }

    /// <summary>The events of one run, written anew when it is first seen, and added to afterwards.</summary>
    private sealed class EventFile(string partial, string folder)
    {
        private readonly string target = Path.Combine(folder, TensorBoardExport.FileName(folder));
        private TorchSharp.Modules.SummaryWriter? writer;
        private int lines;
        private long written;
        private long seen;

        public void Add(string run)
        {
            var length = new FileInfo(Path.Combine(run, "metrics.jsonl")).Length;
            if (length == seen) return;
            writer ??= tensorboard.SummaryWriter(Directory.CreateDirectory(partial).FullName);
            foreach (var line in MetricsLine.Read(run).Skip(lines))
            {
                foreach (var (name, value) in line.Numbers) writer.add_scalar(name, (float)value, line.Step);
                lines++;
            }
            Directory.CreateDirectory(folder);
            using var source = File.OpenRead(Directory.EnumerateFiles(partial).Single());
            // In place: TensorBoard reads on where it was in the file that it has opened.
            using var events =
                FolderFile.Open(target, written == 0 ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            source.Position = events.Position = written;
            source.CopyTo(events);
            written = events.Position;
            // What failed on the way is tried again, whether the run goes on or not.
            seen = length;
        }
    }
}
