using System.Runtime.InteropServices;
using System.Text;

namespace DiscreteGradients.Experiments;

/// <summary>The one way in which files that are given or found are opened. A pipe, a device or a folder in the place of a
/// file is refused, because reading it may never end.</summary>
internal static partial class InputFile
{
    private const int CurrentFolder = -100, TypeMask = 1, ModeAt = 28, StatxBytes = 256;   // of Linux's statx
    private const ushort TypeBits = 0xF000, Regular = 0x8000;

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="InputException">It is missing, is no regular file, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        RequireRegular(path);
        if (!File.Exists(path)) throw new InputException($"{path}: no such file.");
        return Reading(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>The bytes of a regular file.</summary>
    /// <exception cref="InputException">It is missing, is no regular file, is of 2 GB or more, or cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        using var stream = Open(path);
        return Reading(path, () =>
        {
            if (stream.Length > Array.MaxLength)
                throw new InputException(Invariant($"{path} has {stream.Length >> 20} MiB; expected less than 2 GiB."));
            var content = new byte[stream.Length];
            return content.AsSpan(0, stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)).ToArray();
        });
    }

    /// <summary>The text of a regular file in UTF-8, without a byte-order mark.</summary>
    /// <exception cref="InputException">It is missing, is no regular file, or cannot be read.</exception>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(Open(path), Encoding.UTF8);
        return Reading(path, reader.ReadToEnd);
    }

    /// <summary>Checks that a path, if something is there, is one of a file and not of a folder, a pipe or a device: opening
    /// one of these may never end, and one must not be replaced.</summary>
    /// <exception cref="InputException">It is one.</exception>
    public static void RequireRegular(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; expected a file.");
        if (File.Exists(path) && !IsRegular(path))
            throw new InputException($"{path} is a pipe or a device; expected a regular file.");
    }

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> status = stackalloc byte[StatxBytes];
        return Status(CurrentFolder, path, 0, TypeMask, ref MemoryMarshal.GetReference(status)) != 0
            || (BitConverter.ToUInt16(status[ModeAt..]) & TypeBits) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);
}

/// <summary>Texts that lie within the program.</summary>
internal static class EmbeddedText
{
    /// <summary>Reads one by the name that the project file gives it.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
