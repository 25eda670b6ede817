using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DiscreteGradients.Tests.Packaging;

/// <summary>The package as its users get it: packed, referenced by a new project outside the repository, run, published.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("package-test-").FullName;

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void TheReadmesCommandsAndItsFileShowLessVariance()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the file names the Linux package of libtorch");
        // The README's own commands, in a home that holds nothing of ours; all but the first with a package cache of its own.
        var commands = Blocks("sh").Take(2).SelectMany(block => block.Trim().Split('\n')).ToList();
        Assert.Equal(3, commands.Count);
        Shell.Run(WorkingTree.Root, "bash", "-c", commands[0].Replace("~", folder, StringComparison.Ordinal));
        var home = $"export HOME={folder} NUGET_PACKAGES={folder}/packages";
        Shell.Run(folder, "bash", "-e", "-c", $"{home}\n{commands[1]}");
        File.WriteAllText(Path.Combine(folder, "try", "try.cs"), Blocks("csharp").First());
        var output = Shell.Run(Path.Combine(folder, "try"), "bash", "-c", $"{home}\n{commands[2]}");
        Assert.Matches(@"StraightThroughGumbelSoftmax +variance \d+\.\d+\nGumbelRaoExact +variance \d+\.\d+\n$", output);
    }

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void ANewProjectWithThePackagePublishes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the project names the Linux package of libtorch");
        var (feed, app) = (Pack("feed"), Path.Combine(folder, "app"));
        var code = Blocks("csharp").First().Split('\n');
        var packages = string.Concat(code.Where(line => line.StartsWith("#:package ", StringComparison.Ordinal)).Select(line => line[10..].Split('@'))
            .Select(package => $"<PackageReference Include=\"{package[0]}\" Version=\"{package[1]}\" />"));
        Directory.CreateDirectory(app);
        File.WriteAllText(Path.Combine(app, "Program.cs"), string.Join('\n', code.Where(line => !line.StartsWith("#:", StringComparison.Ordinal))));
        File.WriteAllText(Path.Combine(app, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>{packages}</ItemGroup>
            </Project>
            """);
        Shell.Run(app, "bash", "-c", $"NUGET_PACKAGES={folder}/packages dotnet publish -c Release -r linux-x64 --self-contained false -o out");
        Assert.Matches(@"variance \d+\.\d+", Shell.Run(app, Path.Combine(app, "out", "app")));
    }

    /// <summary>The comment of each sample says how; they all say the same.</summary>
    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void ASampleRunsOutsideTheCloneAsItsCommentSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the sample names the Linux package of libtorch");
        var samples = Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "samples"), "*.cs").ToDictionary(path => Path.GetFileName(path)!, File.ReadAllText, StringComparer.Ordinal);
        var directives = Directives(samples["drop-in.cs"]);
        Assert.All(samples.Values, text => Assert.Equal(directives, Directives(text)));
        var path = Path.Combine(folder, "drop-in.cs");
        File.WriteAllText(path, samples["drop-in.cs"].Replace("#:project ../src/DiscreteGradients/DiscreteGradients.csproj", directives, StringComparison.Ordinal).Replace("FEED", Pack("feed"), StringComparison.Ordinal));
        Assert.Matches(@"GumbelRaoExact +variance \d+\.\d+", Shell.Run(folder, "bash", "-c", $"NUGET_PACKAGES={folder}/packages dotnet run {path}"));

        static string Directives(string sample) => string.Join('\n', sample.Split('\n').Where(line => line.StartsWith("//     #:", StringComparison.Ordinal)).Select(line => line["//     ".Length..]));
    }

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void ThePackageHoldsWhatItsPageShows()
    {
        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(Pack("feed"), "*.nupkg").Single());
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        foreach (var name in (string[])["README.md", "icon.png", "LICENSE", "lib/net10.0/DiscreteGradients.dll", "lib/net10.0/DiscreteGradients.xml", "buildTransitive/DiscreteGradients.targets", "buildTransitive/WeakenElfVersion.cs"])
            Assert.Contains(name, names);
        var specification = XDocument.Load(package.GetEntry("DiscreteGradients.nuspec")!.Open()).Root!;
        Assert.Equal(["TorchSharp"], specification.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Matches("^[0-9a-f]{40}$", (string?)specification.Descendants().Single(element => element.Name.LocalName == "repository").Attribute("commit"));
        // The one place of the version, and the release that the changelog is about to describe.
        var properties = XDocument.Load(Path.Combine(WorkingTree.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal(properties, Value("version"));
        Assert.Contains($"version: {properties}", File.ReadAllText(Path.Combine(WorkingTree.Root, "CITATION.cff")), StringComparison.Ordinal);

        string Value(string element) => specification.Descendants().Single(candidate => candidate.Name.LocalName == element).Value;
    }

    [Theory(Explicit = true), Trait("Category", "Slow")]
    [InlineData("", 0), InlineData("https://example.org/owner/name", 1)]
    public void ThePageOfThePackageHasNoLinkThatLeadsNowhere(string address, int pictures)
    {
        var page = Encoding.UTF8.GetString(Entry(Directory.EnumerateFiles(Pack("page", $"-p:ProjectAddress={address}"), "*.nupkg").Single(), "README.md"));
        var readme = File.ReadAllText(Path.Combine(WorkingTree.Root, "README.md"));
        Assert.All(Regex.Matches(page, @"\]\(([^)]*)\)"), link => Assert.StartsWith("https://", link.Groups[1].Value, StringComparison.Ordinal));
        Assert.Equal(pictures, Regex.Count(page, @"!\[[^]]*\]\(https://example.org/owner/name/raw/[0-9a-f]{40}/[\w/.-]+\.png\)"));
        // Nothing else is changed.
        Assert.Equal(Plain(readme), Plain(page));

        static string Plain(string text) => Regex.Replace(Regex.Replace(text, @"!\[[^]]*\]\([^)]*\)", ""), @"\[([^]]*)\]\((?!https://(?!example))[^)]*\)", "$1").Trim();
    }

    [Fact(Explicit = true), Trait("Category", "Slow")]
    public void TwoPacksAreTheSameBitsAndNameNoMachine()
    {
        var (first, second) = (Library(Pack("one")), Library(Pack("two")));
        Assert.Equal(first, second);
        var symbols = Entry(Directory.EnumerateFiles(Path.Combine(folder, "one"), "*.snupkg").Single(), "lib/net10.0/DiscreteGradients.pdb");
        foreach (var content in (byte[][])[first, symbols]) Assert.DoesNotContain(WorkingTree.Root, Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        // Runs on every machine that TorchSharp runs on.
        using var image = new PEReader(new MemoryStream(first));
        Assert.Equal(Machine.I386, image.PEHeaders.CoffHeader.Machine);
        Assert.False(image.PEHeaders.CorHeader!.Flags.HasFlag(CorFlags.Requires32Bit));
        // Every source is in the symbols, or reached by source link: a debugger steps in.
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        var kinds = reader.CustomDebugInformation.Select(handle => reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind)).ToList();
        Assert.Contains(EmbeddedSource, kinds);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Of the portable PDB format.</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>The folder of the packages.</summary>
    private string Pack(string name, params string[] options)
    {
        var into = Path.Combine(folder, name);
        Shell.Run(WorkingTree.Root, "dotnet", ["pack", "-c", "Release", "src/DiscreteGradients", "-o", into, .. options]);
        return into;
    }

    private static byte[] Library(string feed) => Entry(Directory.EnumerateFiles(feed, "*.nupkg").Single(), "lib/net10.0/DiscreteGradients.dll");

    private static byte[] Entry(string package, string name)
    {
        using var zip = ZipFile.OpenRead(package);
        using var content = zip.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The code blocks of the README in that language.</summary>
    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(File.ReadAllText(Path.Combine(WorkingTree.Root, "README.md")), $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);
}
