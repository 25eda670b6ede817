using System.Runtime.InteropServices;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Files that are there whole or not at all.</summary>
public static partial class AtomicFile
{
    private const int FileExists = 17; // EEXIST of Linux and macOS

    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk and renames: a reader, or a process after a
    /// crash, sees the old content or the new. Makes the folder where there is none.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes text in UTF-8 without a byte-order mark.</summary>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file that is not there yet: of all who try at once, on whatever machine of a shared file system,
    /// one succeeds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">A name beside it that nobody else uses.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>Whether this call made it.</returns>
    /// <exception cref="IOException">It cannot be written, or the file system has no hard links.</exception>
    internal static bool TryCreate(string path, string own, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(own, content);
        try
        {
            return OperatingSystem.IsWindows() ? TryMove(own, path) : TryLink(own, path);
        }
        finally
        {
            File.Delete(own);
        }
    }

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
        return error == FileExists ? false : throw new IOException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string target, string path);
}
