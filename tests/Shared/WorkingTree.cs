namespace DiscreteGradients;

/// <summary>The working tree that these tests were built in; builds map its path away.</summary>
internal static class WorkingTree
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Copies a folder of the working tree: what reads it may leave caches there, which other tests would meet.</summary>
    public static void Copy(string part, string to)
    {
        var from = Path.Combine(Root, part);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "DiscreteGradients.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
