namespace DiscreteGradients;

/// <summary>The working tree that these tests were built in; builds map its path away.</summary>
internal static class WorkingTree
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "DiscreteGradients.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
