using System.Text.RegularExpressions;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>A Markdown file of the repository, taken apart as a reader sees it.</summary>
/// <param name="Name">Relative to the root.</param>
/// <param name="Text">Of the file.</param>
internal sealed partial record Page(string Name, string Text)
{
    /// <summary>README, CONTRIBUTING and everything in docs/ but the generated reference and records.</summary>
    public static IReadOnlyList<Page> All { get; } =
        [.. new[] { "README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/peers/README.md", "assets/README.md", "src/DiscreteGradients/Kernels/README.md" }
            .Concat(Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(WorkingTree.Root, path)))
            .Select(name => name.Replace('\\', '/')).Order(StringComparer.Ordinal)
            .Select(name => new Page(name, File.ReadAllText(Path.Combine(WorkingTree.Root, name))))];

    public static Page Of(string name) => All.Single(page => page.Name == name);

    /// <summary>The fenced code blocks, with the language that each names.</summary>
    public IEnumerable<(string Language, string Code)> Blocks => Fenced().Matches(Text).Select(match => (match.Groups["language"].Value, match.Groups["code"].Value));

    /// <summary>All C# of the page as one file: using directives first, types last. The examples of the reference have the usual ones.</summary>
    public string Program
    {
        get
        {
            var lines = Blocks.Where(block => block.Language == "csharp").SelectMany(block => block.Code.Split('\n'))
                .Where(line => !line.StartsWith("#:", StringComparison.Ordinal)).ToList();
            var usings = lines.Where(IsUsing).Concat(Name.StartsWith("docs/api/", StringComparison.Ordinal) ? OfTheReference : []).Distinct(StringComparer.Ordinal);
            var code = string.Join('\n', lines.Where(line => !IsUsing(line)));
            return string.Join('\n', usings) + "\n" + TypeOfThePage().Replace(code, "") + "\n" + string.Join('\n', TypeOfThePage().Matches(code)) + "\n";
        }
    }

    /// <summary>Command lines that a reader may paste: of shell blocks, of indented blocks, and in the running text.</summary>
    public IEnumerable<(string Line, bool Whole)> Commands
    {
        get
        {
            foreach (var line in Blocks.Where(block => block.Language is "sh" or "").SelectMany(block => block.Code.Split('\n'))) yield return (line.Trim(), true);
            var prose = Fenced().Replace(Text, "");
            foreach (Match match in Indented().Matches(prose)) yield return (match.Groups["found"].Value.Trim(), true);
            // A command's name in the text need not come with its arguments.
            foreach (Match match in Inline().Matches(prose)) yield return (match.Groups["found"].Value.ReplaceLineEndings(" "), false);
        }
    }

    /// <summary>Targets of links and pictures that are not on the web.</summary>
    public IEnumerable<string> RelativeLinks =>
        Link().Matches(Fenced().Replace(Text, "")).Select(match => match.Groups["found"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>What a link's #part may name.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Fenced().Replace(Text, ""))
        .Select(match => Regex.Replace(match.Groups["found"].Value.Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    public override string ToString() => Name;

    // As docs/api/README.md says.
    private static readonly string[] OfTheReference = ["using DiscreteGradients;", "using TorchSharp;", "using static TorchSharp.torch;"];

    private static bool IsUsing(string line) => Regex.IsMatch(line, @"^using [\w. ]+;|^using static [\w.]+;");

    [GeneratedRegex(@"^internal .*?^}$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex TypeOfThePage();

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^ {4}(?<found>dgrad .*)$", RegexOptions.Multiline)]
    private static partial Regex Indented();

    [GeneratedRegex(@"`(?<found>dgrad [^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\]\((?<found>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<found>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
