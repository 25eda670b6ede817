using System.Collections.Concurrent;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>What a reader pastes compiles and runs. Alone, for a program takes the console's output, which is one for all.</summary>
[CollectionDefinition(nameof(CodeTests), DisableParallelization = true)]
[Collection(nameof(CodeTests))]
public sealed class CodeTests
{
    private static readonly ConcurrentDictionary<string, byte[]> Images = new(StringComparer.Ordinal);

    public static TheoryData<string> Pages => [.. Page.All.Where(page => page.Blocks.Any(block => block.Language == "csharp")).Select(page => page.Name)];

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "samples"), "*.cs").Select(path => "samples/" + Path.GetFileName(path))];

    public static TheoryData<string> Programs => [.. Pages.Concat(Samples).Select(row => row.Data)];

    /// <summary>The C# blocks of a page, joined, are one program.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void PagesCompileAndRun(string name) => CodeBlocks.Run(Image(name));

    /// <summary>Running them is for the library's SampleTests.</summary>
    [Theory, MemberData(nameof(Samples))]
    public void SamplesCompile(string name) => Image(name);

    /// <summary>The examples avoid what docs/limits.md warns of.</summary>
    [Theory, MemberData(nameof(Programs))]
    public void NoNumberIsMadeInPassing(string name) =>
        Assert.Equal([], PassingScalars.Uses(new MemoryStream(Image(name))));

    [Fact]
    public void TheReadmeShowsLessVariance_AsTheDropInSampleDoes()
    {
        var output = CodeBlocks.Run(Image("README.md"));
        foreach (var line in output.TrimEnd().Split('\n')) Assert.Contains("    " + line, Page.Of("README.md").Text, StringComparison.Ordinal);
        var variances = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.Split("variance ")[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(2, variances.Count);
        // 1000 draws each of at least 40 % less variance, whatever the weights: not once in a million the other way round.
        Assert.True(variances[1] < variances[0]);
        foreach (var line in new[] { "logits.SampleOneHot(estimator)", "new GumbelRaoExact(0.5)" })
        {
            Assert.Contains(line, Page.Of("README.md").Program, StringComparison.Ordinal);
            Assert.Contains(line, File.ReadAllText(Path.Combine(WorkingTree.Root, "samples", "drop-in.cs")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ASlipIsFound() => Assert.ThrowsAny<Exception>(() => CodeBlocks.Compile("slip", "using DiscreteGradients; Console.WriteLine(new GumbelRao(sample: 3, 0.5));"));

    /// <summary>The C# of a page, or of a sample without the lines that name packages and projects, compiled once.</summary>
    private static byte[] Image(string name) => Images.GetOrAdd(name, _ => CodeBlocks.Compile(name, Program(name)));

    private static string Program(string name) => name.EndsWith(".md", StringComparison.Ordinal)
        ? Page.Of(name).Program
        : string.Join('\n', File.ReadLines(Path.Combine(WorkingTree.Root, name)).Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));
}
