namespace DiscreteGradients.Experiments.Runs;

/// <summary>The one way in which a file of a run or search folder is opened to be written in place. Such a folder may be
/// somebody else's: a symbolic link in it would lead the writing elsewhere, and a pipe would hold it up.</summary>
internal static class FolderFile
{
    /// <summary>Opens it.</summary>
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

    private static void RequireNoLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new InputException($"{path} is a symbolic link to {Quote.Of(target)}, and nothing is written through it; expected a file or folder of its own.");
    }
}
