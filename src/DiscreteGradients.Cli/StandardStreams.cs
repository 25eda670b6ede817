using System.Runtime.InteropServices;
using System.Text;

namespace DiscreteGradients.Cli;

/// <summary>Standard output and standard error as they were given, which may be not at all.</summary>
internal static partial class StandardStreams
{
    private const int Output = 1, Error = 2;
    private const int GetFlags = 1, CloseOnExec = 1;   // F_GETFD, FD_CLOEXEC

    /// <summary>Takes care that nothing fails for want of standard error. To be called first.</summary>
    /// <returns>What stands in the way of a start; null if nothing does.</returns>
    public static string? Open()
    {
        Console.SetError(WasGiven(Error) ? new Forgiving(Console.Error) : TextWriter.Null);
        if (!WasGiven(Output)) return "standard output is closed; expected an open one, such as >/dev/null.";
        try
        {
            Directory.GetCurrentDirectory();
            return null;
        }
        catch (IOException)
        {
            return "the current folder is gone; expected one that is there.";
        }
    }

    // What this program opens itself is closed on exec; what it inherits is not.
    private static bool WasGiven(int descriptor) =>
        OperatingSystem.IsWindows() || Flags(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flags(int descriptor, int command);

    /// <summary>Drops what cannot be written: what is said beside the work must not end it.</summary>
    private sealed class Forgiving(TextWriter to) : TextWriter
    {
        public override Encoding Encoding => to.Encoding;

        public override void Write(char value) => Try(() => to.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => to.Write(buffer, index, count));

        public override void Write(string? value) => Try(() => to.Write(value));

        public override void WriteLine(string? value) => Try(() => to.WriteLine(value));

        public override void Flush() => Try(to.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (IOException)
            {
                // A full disk, perhaps, behind a redirection.
            }
        }
    }
}
