namespace DiscreteGradients.Experiments.Runs;

/// <summary>The folders of a kind of record.</summary>
internal static class RecordFolders
{
    /// <summary>Finds the folders below one that hold a file of this name, in the order of their paths; none below a folder
    /// that is not there.</summary>
    public static IEnumerable<string> With(string root, string file) =>
        !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, file, SearchOption.AllDirectories)
            .Select(path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal);
}
