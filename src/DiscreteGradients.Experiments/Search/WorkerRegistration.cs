using System.Globalization;
using System.Text.Json.Serialization;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Search;

/// <summary>This process as a worker of a search: registered in its folder, with a lock that the system frees when the
/// process ends however it ends, and a heartbeat every few seconds for the other machines of a shared file system.</summary>
internal sealed class WorkerRegistration : IDisposable
{
    /// <summary>The time without a heartbeat after which a worker of another machine is taken for lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);
    private readonly string folder;
    private readonly FileStream held;
    private readonly Timer timer;
    private readonly Lock writing = new(), beating = new();
    private WorkerState state;

    /// <param name="folder">The search's workers/.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public WorkerRegistration(string folder)
    {
        this.folder = folder;
        var id = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.MachineName}-{Environment.ProcessId}-{DateTime.UtcNow.Ticks:x}");
        var job = Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is { } array
            ? $"{array}_{Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}"
            : Environment.GetEnvironmentVariable("SLURM_JOB_ID");
        state = new(id, Environment.MachineName, Boot(), job, null, null, 0, 0, 0);
        try
        {
            FolderFile.Make(folder);
            Clean(folder);
            held = FolderFile.Open(LockOf(folder, id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException error && !MachineFault.IsOfDisk(error))
        {
            throw new InputException($"{folder} cannot be written: {e.Message}", e);
        }
        Beat();
        timer = new Timer(_ => Beat(), null, HeartbeatInterval, HeartbeatInterval);
    }

    /// <summary>The worker's name, which is unique.</summary>
    public string Id => state.Id;

    /// <summary>Called with each heartbeat, on another thread. Once it is set to another, the one before is not at work and is
    /// not called any more.</summary>
    public Action? OnHeartbeat
    {
        get;
        set
        {
            lock (beating) field = value;
        }
    }

    /// <summary>Sets what the next heartbeat says.</summary>
    public void Report(string? trial, Activity? activity = null, double done = 0, double all = 0, double stepsPerSecond = 0)
    {
        lock (writing) state = state with
        {
            Trial = trial,
            Activity = activity,
            Done = done,
            All = all,
            StepsPerSecond = stepsPerSecond,
        };
    }

    /// <summary>The workers registered in a folder and whether each lives.</summary>
    public static IEnumerable<(WorkerState State, bool Lives)> All(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(file => Read(folder, Path.GetFileNameWithoutExtension(file))).OfType<WorkerState>()
            .Select(worker => (worker, Lives(folder, worker.Id)));

    /// <summary>Tells whether a worker runs, as far as can be told.</summary>
    public static bool Lives(string folder, string id)
    {
        if (Read(folder, id) is not { } worker) return false;
        return worker.IsOfThisMachine ? IsHeld(LockOf(folder, id)) : Now() - LastHeartbeat(folder, id) < Patience;

        // The clock of the file system, not of this machine, unless for a reader that may not write.
        DateTime Now() => Attempt.ToRead(() =>
        {
            var probe = Path.Combine(folder, $".clock-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            var now = File.GetLastWriteTimeUtc(probe);
            File.Delete(probe);
            return now;
        }).FirstOrDefault(DateTime.UtcNow);
    }

    /// <summary>The time of a worker's last heartbeat, by the clock of the file system; long ago where it is gone.</summary>
    public static DateTime LastHeartbeat(string folder, string id) => File.GetLastWriteTimeUtc(HeartbeatFile(folder, id));

    /// <summary>Gives the identity of the running system; null where that cannot be told.</summary>
    internal static string? Boot() =>
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : null;

    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            if (timer.Dispose(stopped)) stopped.WaitOne();
        }
        held.Dispose();
        if (!Directory.Exists(folder)) return;
        File.Delete(HeartbeatFile(folder, Id));
        File.Delete(LockOf(folder, Id));
    }

    private void Beat()
    {
        // A folder that was removed is not to come back.
        if (!Directory.Exists(folder)) return;
        // A full disk, or a folder that may no more be written, stops the trial, which says so; the next heartbeat may succeed.
        Attempt.To(() =>
        {
            lock (writing) RunFolder.WriteJson(folder, $"{Id}.json", state);
            lock (beating) OnHeartbeat?.Invoke();
        });
    }

    // What workers left that were killed, here or on another machine. A lock comes before its first heartbeat, so one without is
    // left alone while it may be a worker's that starts.
    private static void Clean(string folder)
    {
        AtomicFile.Clean(folder);
        foreach (var left in new DirectoryInfo(folder).EnumerateFiles().ToList()
            .GroupBy(file => Path.GetFileNameWithoutExtension(file.Name), StringComparer.Ordinal).Where(IsLeft))
        {
            foreach (var file in left) file.Delete();
        }

        bool IsLeft(IGrouping<string, FileInfo> files)
        {
            var isOld = files.All(file => DateTime.UtcNow - file.LastWriteTimeUtc > Patience);
            return File.Exists(HeartbeatFile(folder, files.Key))
                ? !Lives(folder, files.Key) && (isOld || Read(folder, files.Key) is { IsOfThisMachine: true })
                : isOld;
        }
    }

    private static WorkerState? Read(string folder, string id) => JsonFile.ReadOrDefault<WorkerState>(HeartbeatFile(folder, id));

    // Read and shared: who looks need not be allowed to write, and does not take it for held because another looks too.
    private static bool IsHeld(string file)
    {
        try
        {
            using var _ = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string HeartbeatFile(string folder, string id) => Path.Combine(folder, id + ".json");

    private static string LockOf(string folder, string id) => Path.Combine(folder, id + ".lock");
}

/// <summary>The state that a worker tells of itself with each heartbeat.</summary>
/// <param name="Id">The name, which is unique.</param>
/// <param name="Boot">The running system, where that can be told: within one, a lock shows whether the worker lives.</param>
/// <param name="Job">The Slurm job, if any.</param>
/// <param name="Trial">The path of the trial in hand; null between two.</param>
/// <param name="Activity">The work on that trial.</param>
internal sealed record WorkerState(string Id, string Host, string? Boot, string? Job, string? Trial, Activity? Activity,
    double Done, double All, double StepsPerSecond)
{
    /// <summary>Tells whether the worker runs, or ran, on this machine since its last start: then its lock tells whether it
    /// lives.</summary>
    [JsonIgnore]
    public bool IsOfThisMachine => Boot is not null && Boot == WorkerRegistration.Boot();
}

/// <summary>The workers of other machines that seemed to live when a worker found nothing to take. One of them may have been
/// lost a moment ago, with a trial that nobody can take yet: to leave is safe when each has given another heartbeat, or is
/// gone.</summary>
/// <param name="folder">The search's workers/.</param>
internal sealed class LivePeers(string folder)
{
    private readonly Dictionary<string, DateTime> heartbeats = WorkerRegistration.All(folder)
        .Where(worker => worker.Lives && !worker.State.IsOfThisMachine)
        .ToDictionary(worker => worker.State.Id, worker => WorkerRegistration.LastHeartbeat(folder, worker.State.Id),
            StringComparer.Ordinal);

    /// <summary>Tells whether there is nobody left to wait for.</summary>
    public bool IsSettled()
    {
        foreach (var (id, heartbeat) in heartbeats)
        {
            if (WorkerRegistration.LastHeartbeat(folder, id) != heartbeat || !WorkerRegistration.Lives(folder, id))
                heartbeats.Remove(id);
        }
        return heartbeats.Count == 0;
    }
}
