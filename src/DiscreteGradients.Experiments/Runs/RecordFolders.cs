namespace DiscreteGradients.Experiments.Runs;

/// <summary>The folders of a kind of record.</summary>
internal static class RecordFolders
{
    /// <summary>Finds the folders below one that hold a file of this name, in the order of their paths.</summary>
    public static IEnumerable<string> With(string root, string file) =>
        Directory.EnumerateFiles(root, file, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => Path.GetDirectoryName(path)!);
}
