using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DiscreteGradients.Experiments;

/// <summary>Files that are there whole or not at all.</summary>
internal static partial class AtomicFile
{
    private const int FileExists = 17; // EEXIST of Linux and macOS
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(1);

    // Where the number of a process means something: the machine and, on Linux, the container in it.
    private static readonly string Place =
        $"{Environment.MachineName}-{new FileInfo("/proc/self/ns/pid").LinkTarget}".Replace('.', '-').Replace(':', '-');

    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk and renames: a reader, or a process after a
    /// crash, sees the old content or the new. Makes the folder where there is none.</summary>
    /// <exception cref="InputException">A folder, a pipe or a device is there, which would be replaced.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        InputFile.RequireRegular(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = Temporary(path);
        try
        {
            Fill(temporary, write);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes text in UTF-8 without a byte-order mark.</summary>
    public static void Write(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file that is not there yet: of all who try at once, on whatever machine of a shared file system,
    /// one succeeds.</summary>
    /// <returns>Whether this call made it.</returns>
    /// <exception cref="IOException">It cannot be written, or the file system has no hard links.</exception>
    internal static bool TryCreate(string path, byte[] content)
    {
        var own = Temporary(path);
        try
        {
            Fill(own, stream => stream.Write(content));
            return OperatingSystem.IsWindows() ? TryMove(own, path) : TryLink(own, path);
        }
        finally
        {
            File.Delete(own);
        }
    }

    /// <summary>Deletes what processes that were killed left of their writing.</summary>
    internal static void Clean(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.tmp").Where(IsLeft)) file.Delete();
    }

    // Of this place the process is gone; of another nobody has touched it for long.
    private static bool IsLeft(FileInfo file)
    {
        if (OwnName().Match(file.Name) is not { Success: true } own) return false;
        return own.Groups["place"].Value == Place
            ? !Runs(int.Parse(own.Groups["process"].ValueSpan, CultureInfo.InvariantCulture))
            : DateTime.UtcNow - file.LastWriteTimeUtc > LongAgo;
    }

    private static bool Runs(int process)
    {
        try
        {
            using var _ = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Names a file beside one that is to be written; if this process is killed, <see cref="Clean"/> deletes
    /// it.</summary>
    internal static string Temporary(string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}.{Place}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");

    private static void Fill(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    [GeneratedRegex(@"\.(?<place>[^.]+)\.(?<process>\d{1,9})\.[0-9a-f]{32}\.tmp$", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnName();

    private static bool TryMove(string own, string path)
    {
        try
        {
            File.Move(own, path);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    // Not File.Move, which outside Windows looks whether the target is there and then renames over it.
    private static bool TryLink(string own, string path)
    {
        if (Link(own, path) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string target, string path);
}
