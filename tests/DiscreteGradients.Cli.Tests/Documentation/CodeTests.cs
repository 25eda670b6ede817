namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>What a reader pastes compiles and runs. Alone: readers write bare numbers into tensor operations, and TorchSharp may
/// finalise the Scalar made of one in use if another thread's allocations start a collection just then.</summary>
[CollectionDefinition(nameof(CodeTests), DisableParallelization = true)]
[Collection(nameof(CodeTests))]
public sealed class CodeTests
{
    public static TheoryData<string> Pages => [.. Page.All.Where(page => page.Blocks.Any(block => block.Language == "csharp")).Select(page => page.Name)];

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "samples"), "*.cs").Select(path => Path.GetFileName(path)!)];

    /// <summary>The C# blocks of a page, joined, are one program.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void PagesCompileAndRun(string name) => CodeBlocks.Run(CodeBlocks.Compile(name, Page.Of(name).Program));

    /// <summary>Running them is for the library's SampleTests.</summary>
    [Theory, MemberData(nameof(Samples))]
    public void SamplesCompile(string name) =>
        CodeBlocks.Compile(name, string.Join('\n', File.ReadLines(Path.Combine(WorkingTree.Root, "samples", name)).Where(line => !line.StartsWith("#:", StringComparison.Ordinal))));

    [Fact]
    public void TheReadmeShowsLessVariance_AsTheDropInSampleDoes()
    {
        var output = CodeBlocks.Run(CodeBlocks.Compile("README.md", Page.Of("README.md").Program));
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
}
