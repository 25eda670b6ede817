using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>
/// The folder of one run: settings.json, metrics.jsonl (the same bits for the same settings, however often the run was
/// interrupted), timing.jsonl (wall-clock figures), checkpoint/, result.json. One process at a time may hold it.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The end of the name of a log of what is being evaluated; the log is deleted when the result is kept.</summary>
    public const string PartialEnding = ".partial.jsonl";

    private const string LockName = ".lock", CheckpointName = "checkpoint", ResultName = "result.json";

    // What was found of a model, which is another one after more steps.
    private static readonly string[] Findings = ["evaluation-*.json", "comparison-*.json", ResultName];

    private readonly FileStream holder;

    private RunFolder(string path, FileStream holder) => (Path, this.holder) = (path, holder);

    public string Path { get; }

    /// <summary>Tells whether there is a state to go on from.</summary>
    public bool HasCheckpoint => File.Exists(CheckpointPath);

    /// <summary>The model, the optimiser and the generator, in one file.</summary>
    public string CheckpointPath => CheckpointIn(Path);

    /// <summary>The checkpoint of a run folder, held or not.</summary>
    public static string CheckpointIn(string path) => System.IO.Path.Combine(path, CheckpointName, "state.safetensors");

    /// <summary>The metrics, one JSON object a line.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>Opens the folder, making it where it does not exist, and holds it.</summary>
    /// <exception cref="InputException">It cannot be made or written, or another process holds it
    /// (<see cref="FolderInUseException"/>).</exception>
    public static RunFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var checkpoints = System.IO.Path.Combine(path, CheckpointName);
            FolderFile.Make(checkpoints);
            // Of processes that have ended: so it need not be held yet.
            AtomicFile.Clean(path);
            AtomicFile.Clean(checkpoints);
            return new(path, FolderFile.Open(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException($"{path} cannot be written: {e.Message}", e);
        }
        catch (IOException e) when (FolderFile.IsHeldElsewhere(e))
        {
            throw new FolderInUseException($"{path} is in use by another run; expected a folder of its own for each.", e);
        }
        catch (IOException e) when (!MachineFault.IsOfDisk(e))
        {
            throw new InputException($"{path} cannot be {(Directory.Exists(path) ? "written" : "made")}: {e.Message}", e);
        }
    }

    /// <summary>Why a run of these settings cannot have a folder; null where it can, as it is new, the same, longer, wider, or
    /// takes the place of one that diverged.</summary>
    /// <inheritdoc cref="RunStanding.Of"/>
    public static InputException? Refusal(string path, object settings, bool isPart = false) =>
        RunStanding.Of(path, settings, isPart).Refusal;

    /// <summary>Writes the settings, or checks that the folder's are the same. A run may be made longer: what was found at its
    /// old end is set aside. One that diverged makes room, and is set aside too. The data may have moved: then where they are
    /// now is written in the place of where they were.</summary>
    /// <param name="check">Called before anything is written; by then a run that makes room is gone.</param>
    /// <returns>What was set aside and where, for the user; null for nothing.</returns>
    /// <exception cref="InputException">The folder holds a run of other settings, or on other data.</exception>
    public string? Claim(object settings, Action? check = null)
    {
        var standing = RunStanding.Of(Path, settings);
        if (standing.Refusal is { } refusal) throw refusal;
        if (standing.IsWider) return null;
        var note = standing.MakesRoom ? MakeRoom(standing) : null;
        check?.Invoke();
        if (standing.IsLonger && !standing.MakesRoom
            && SetAsideFindings($"{RunLength.Of(standing.There!)}") is { } found)
            note = $"{standing.Text}: the run goes on; {found.Names} of before: {found.Aside}";
        var text = JsonSerializer.Serialize(settings, JsonText.Indented) + "\n";
        var path = In(RunStanding.FileName);
        if (!File.Exists(path) || InputFile.ReadText(path) != text) AtomicFile.Write(path, text);
        return note;
    }

    private string MakeRoom(RunStanding standing)
    {
        // In an order in which a process may be killed: without the checkpoint a run starts anew, and as long as the result is
        // there it says that there is room to make.
        var aside = SetAside("diverged", new DirectoryInfo(Path).EnumerateFileSystemInfos()
            .Where(entry => entry.Name != LockName && !entry.Name.StartsWith("diverged", StringComparison.Ordinal))
            .OrderBy(entry => entry.Name switch { CheckpointName => 0, ResultName => 2, _ => 1 }));
        FolderFile.Make(System.IO.Path.Combine(Path, CheckpointName));
        var difference = standing.Text.Length > 0 ? $" ({standing.Text})" : "";
        return $"a run that diverged was here{difference}; it is kept in {aside}";
    }

    /// <summary>Sets aside what was found of the model of an earlier step. A run that has ended keeps its findings: run again,
    /// it comes to the same end.</summary>
    /// <returns>What was set aside and where, for the user; null for nothing.</returns>
    public string? SetAsideEarlier() => !File.Exists(In(ResultName)) && SetAsideFindings("earlier") is { } found
        ? $"{found.Names} of an earlier step: {found.Aside}"
        : null;

    private (string Names, string Aside)? SetAsideFindings(string name)
    {
        var folder = new DirectoryInfo(Path);
        if (!folder.Exists) return null;   // RequirePresent says so
        var found = Findings.SelectMany(folder.EnumerateFiles).ToList();
        return found.Count == 0 ? null : (string.Join(", ", found.Select(file => file.Name)), SetAside(name, found));
    }

    private string SetAside(string name, IEnumerable<FileSystemInfo> entries)
    {
        var aside = In(name);
        for (var number = 2; System.IO.Path.Exists(aside); number++) aside = In(Invariant($"{name}-{number}"));
        Directory.CreateDirectory(aside);
        foreach (var entry in entries.ToList())
        {
            var target = System.IO.Path.Combine(aside, entry.Name);
            if (entry is DirectoryInfo folder) folder.MoveTo(target);
            else File.Move(entry.FullName, target);
        }
        return aside;
    }

    /// <exception cref="InputException">Missing or unreadable.</exception>
    public static T ReadSettings<T>(string path)
    {
        var file = System.IO.Path.Combine(path, RunStanding.FileName);
        if (!File.Exists(file)) throw new InputException($"{path} is no run folder: it has no settings.json.");
        return JsonFile.Read<JsonObject>(file) is { Count: 0 }
            ? throw new InputException($"{file} is not readable: it has no settings.")
            : JsonFile.Read<T>(file)!;
    }

    /// <summary>Opens the metrics for appending after their first <paramref name="length"/> bytes; the rest, written after
    /// the checkpoint that is gone on from, is cut off.</summary>
    public FileStream OpenMetrics(long length)
    {
        var stream = FolderFile.Open(MetricsPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var wrong = stream.Length < length ? Invariant($"{stream.Length} bytes; the checkpoint expects {length}")
            : length > 0 && !EndsLine(stream, length)
                ? Invariant($"no line's end after {length} bytes, where the checkpoint expects it") : null;
        if (wrong is not null)
        {
            stream.Dispose();
            throw new InputException($"{MetricsPath} has {wrong}. It was cut or replaced.");
        }
        stream.SetLength(length);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private static bool EndsLine(FileStream stream, long length)
    {
        stream.Position = length - 1;
        return stream.ReadByte() == '\n';
    }

    /// <summary>Checks that the folder is still where it was, with what this process wrote.</summary>
    /// <param name="metrics">What <see cref="OpenMetrics"/> gave, flushed.</param>
    /// <exception cref="IOException">It was moved, deleted or replaced.</exception>
    public void RequirePresent(FileStream metrics)
    {
        var there = new FileInfo(MetricsPath);
        if (!File.Exists(In(LockName)) || !there.Exists || there.Length != metrics.Length)
            throw new IOException($"{Path} was moved or deleted during the training; its last checkpoint is wherever it is now.");
    }

    /// <summary>Writes result.json, or another JSON file of the run, atomically.</summary>
    public static void WriteJson<T>(string path, string name, T content) =>
        AtomicFile.Write(System.IO.Path.Combine(path, name), JsonSerializer.Serialize(content, JsonText.Indented) + "\n");

    /// <summary>Writes a value as one line of a log, in UTF-8.</summary>
    public static byte[] Line<T>(T content) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content, JsonText.Line) + "\n");

    public void Dispose() => holder.Dispose();

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>Another process holds a run folder.</summary>
internal sealed class FolderInUseException(string message, Exception inner) : InputException(message, inner);

/// <summary>The one way in which a file of a run or search folder is opened to be written in place. Such a folder may be
/// somebody else's: a symbolic link in it would lead the writing elsewhere, and a pipe would hold it up.</summary>
internal static class FolderFile
{
    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION.
    private const int HeldOnLinux = 11, HeldOnMac = 35, HeldOnWindows = unchecked((int)0x80070020);

    /// <summary>Tells whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeldElsewhere(IOException error) => error.HResult == (OperatingSystem.IsWindows() ? HeldOnWindows
        : OperatingSystem.IsMacOS() ? HeldOnMac : HeldOnLinux);

    /// <exception cref="InputException">It is a symbolic link, a folder, a pipe or a device.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        RequireNoLink(path);
        InputFile.RequireRegular(path);
        return new FileStream(path, mode, access, share);
    }

    /// <summary>Makes a folder in it where there is none.</summary>
    /// <exception cref="InputException">It is a symbolic link.</exception>
    public static void Make(string path)
    {
        RequireNoLink(path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Makes a folder that the user named where there is none; to be called before the work that fills it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="shown">What it is called where it cannot be made; null for its path.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static string MakeNamed(string path, string? shown = null)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException error && !MachineFault.IsOfDisk(error))
        {
            throw new InputException($"{shown ?? path} cannot be made: {e.Message}", e);
        }
    }

    private static void RequireNoLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new InputException(
                $"{path} is a symbolic link to {Quote.Of(target)}, and nothing is written through it; expected a file or folder of its own.");
    }
}

/// <summary>A fault of the machine, a full disk above all: no input is wrong, no trial has failed, and the same command goes on
/// when it is mended.</summary>
internal static class MachineFault
{
    // Numbers of Linux.
    private const int InputOutput = 5, TooManyOpenInAll = 23, TooManyOpen = 24, NoSpace = 28, StaleHandle = 116, Quota = 122;

    /// <summary>Tells whether an error of the file system is a fault of the machine, rather than a path that cannot be what was
    /// asked for.</summary>
    public static bool IsOfDisk(IOException error) =>
        error.HResult is InputOutput or TooManyOpenInAll or TooManyOpen or NoSpace or StaleHandle or Quota;

    /// <summary>Tells whether an error while work is done is a fault of the machine.</summary>
    public static bool Is(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Is(first),
        IOException or UnauthorizedAccessException or OutOfMemoryException => true,
        _ => false,
    };
}
