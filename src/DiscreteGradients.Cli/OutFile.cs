using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The one way in which commands write the files that somebody asked for: what was there is not replaced without a
/// word.</summary>
internal static class OutFile
{
    /// <summary>Writes a text.</summary>
    public static void Write(string path, string text) => Replace([path], path, () => AtomicFile.Write(path, text));

    /// <summary>Makes a folder for them where there is none; to be called before the work that fills it.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static string Folder(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException fault && !MachineFault.IsOfDisk(fault))
        {
            throw new InputException($"{path} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Writes files, and then says so if one of them was there.</summary>
    /// <param name="shown">What the files are called together.</param>
    /// <param name="say">Where it is said; on standard error by default.</param>
    public static T Replace<T>(IReadOnlyList<string> files, string shown, Func<T> write, Action<string>? say = null)
    {
        var isThere = files.Any(File.Exists);
        var written = write();
        if (isThere) (say ?? Console.Error.WriteLine)($"{Quote.Visible(shown)} was there and is replaced");
        return written;
    }

    /// <inheritdoc cref="Replace{T}"/>
    public static void Replace(IReadOnlyList<string> files, string shown, Action write, Action<string>? say = null) =>
        Replace(files, shown, () =>
    {
        write();
        return true;
    }, say);
}
