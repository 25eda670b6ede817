using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>The one way in which commands write the files that somebody asked for: what was there is not replaced without a
/// word.</summary>
internal static class OutFile
{
    /// <summary>Writes a text.</summary>
    public static void Write(string path, string text) => Replace([path], path, () => AtomicFile.Write(path, text));

    /// <summary>Writes files, and then says so if one of them was there.</summary>
    /// <param name="shown">What the files are called together.</param>
    /// <param name="say">Where it is said; on standard error by default.</param>
    public static void Replace(IReadOnlyList<string> files, string shown, Action write, Action<string>? say = null)
    {
        var isThere = files.Any(File.Exists);
        write();
        if (isThere) (say ?? Console.Error.WriteLine)($"{Quote.Visible(shown)} was there and is replaced");
    }
}
