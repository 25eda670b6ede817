namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>docs/api is what the doc comments say. To accept a change, copy api.actual from the output folder over it.</summary>
public sealed class ApiReferenceTests
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "DiscreteGradients.dll");

    [Fact]
    public void IsCurrent()
    {
        var pages = new ApiReference(Library).Pages();
        var folder = Path.Combine(AppContext.BaseDirectory, "api.actual");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in pages) File.WriteAllText(Path.Combine(folder, name), text);
        var kept = Path.Combine(WorkingTree.Root, "docs", "api");
        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal), Directory.EnumerateFiles(kept).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        foreach (var (name, text) in pages) Assert.Equal(text, File.ReadAllText(Path.Combine(kept, name)));
    }

    /// <summary>They are compiled and run as the code of any page.</summary>
    [Fact]
    public void EveryTypeHasAnExample() => Assert.Empty(new ApiReference(Library).WithoutExample);

    [Fact]
    public void EveryPublicMemberSaysMoreThanItsName() => Assert.Empty(new ApiReference(Library).Undocumented);
}
