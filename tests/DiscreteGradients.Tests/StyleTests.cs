using System.Text.RegularExpressions;

namespace DiscreteGradients.Tests;

/// <summary>The style of the product's files, where .editorconfig cannot hold it.</summary>
public sealed partial class StyleTests
{
    private const int LongestLine = 130, LongText = 58;

    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Path.Combine(WorkingTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(WorkingTree.Root, path))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any())];

    [Theory]
    [MemberData(nameof(Files))]
    public void IsThatOfTheHouse(string file)
    {
        var text = File.ReadAllText(Path.Combine(WorkingTree.Root, file));
        var lines = RawTexts().Replace(text, match => new string('\n', match.Value.Count(letter => letter == '\n'))).Split('\n');
        var found = lines.Index()
            .Where(line => line.Item.Length > LongestLine && LongTexts().Match(line.Item).Groups["text"].Length < LongText)
            .Select(line => $"line {line.Index + 1} has {line.Item.Length} columns")
            .Concat(LoneStatements().Matches(text).Select(match => $"braces about one line: {match.Value.Trim()}"))
            .Concat(Summaries().Matches(text).Select(match => Spaces().Replace(match.Groups["text"].Value, " ").Trim())
                .Where(summary => NoSubject().IsMatch(summary)).Select(summary => $"a summary without a subject: {summary}"));
        Assert.Empty(found);
    }

    // A message or a format that a line's end would cut in two, and that begins its line. Holes have braces within.
    [GeneratedRegex(@"^ *((=>|[+?:]|(yield )?return) )*(Invariant\()?\$?""(?<text>([^""\\{}]|\\.|\{([^{}]|\{[^{}]*\})*\})*)""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex LongTexts();

    [GeneratedRegex("\"\"\".*?\"\"\"", RegexOptions.Singleline)]
    private static partial Regex RawTexts();

    // A loop, or an if without an else, about one statement that fits a line.
    [GeneratedRegex(@"(?<=\n) *(?:if|for|foreach|while) \([^\n]*\)\n( *)\{\n"
        + @"\1    (?!using |if |for|while )\S[^\n]*;\n\1\}\n(?! *else)")]
    private static partial Regex LoneStatements();

    [GeneratedRegex("<summary>(?<text>.*?)</summary>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Summaries();

    [GeneratedRegex(@"\s*///\s*|\s+")]
    private static partial Regex Spaces();

    // A formula in place of a sentence, or a sentence that says something of a subject that it does not name.
    [GeneratedRegex(@"^([^A-Z<]|\S+$|(Of|How|What|Which|Whether|Where|When|Likewise|The same|Its|As|For|From|To|By|In|At|Without"
        + @"|Against|Not|One line|Rows a|Equal)\b)", RegexOptions.ExplicitCapture)]
    private static partial Regex NoSubject();
}
