using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Files of expressions, plain or gzip. A line of the published format is a label, a tab and a tree in parentheses;
/// one of Long Range Arena's is the tree and then the label, below a line with the words Source and Target.</summary>
internal static class ListOpsFile
{
    /// <summary>The most lines of a file, 2,000,000.</summary>
    public const int MostLines = 2_000_000;

    private const int LongestLine = 1 << 20;
    private const string Source = "Source", Target = "Target";

    /// <summary>Reads every line, those of one token too.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line, named by its number, is no expression.</exception>
    public static IReadOnlyList<Expression> Read(string path)
    {
        using var file = new DataFile(path);
        var (expressions, isTreeFirst, number) = (new List<Expression>(), false, 0);
        foreach (var bytes in file.Lines(LongestLine))
        {
            var line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
            try
            {
                if (++number == 1 && Header(line) is { } first)
                {
                    isTreeFirst = first == Source;
                    continue;
                }
                if (expressions.Count == MostLines)
                    throw new FormatException($"there are more; expected at most {MostLines} expressions");
                expressions.Add(Parse(line, isTreeFirst));
            }
            catch (FormatException e)
            {
                throw new InputException(Invariant($"{path}, line {number}: {e.Message}."), e);
            }
        }
        return expressions.Count > 0
            ? expressions
            : throw new InputException($"{path} is empty; expected lines of a label, a tab and a tree");
    }

    /// <summary>Writes lines to be read again.</summary>
    public static void Write(Stream stream, IEnumerable<Expression> expressions)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        foreach (var expression in expressions) writer.WriteLine(expression.Line());
    }

    /// <summary>The first word of a header line; null where it is none.</summary>
    private static string? Header(string line) =>
        line.Split('\t', StringSplitOptions.TrimEntries) is [Source, Target] or [Target, Source]
            ? line.TrimStart()[..Source.Length] : null;

    private static Expression Parse(string line, bool isTreeFirst)
    {
        if (line.AsSpan().Trim().IsEmpty) throw new FormatException("it is blank; expected a label, a tab and a tree");
        var columns = line.Split('\t');
        var expected = isTreeFirst ? "a tree, a tab and a label" : "a label, a tab and a tree";
        if (columns.Length != 2)
        {
            var tabs = columns.Length == 1 ? "no tab" : Invariant($"{columns.Length - 1} tabs");
            throw new FormatException($"{Quote.Of(line)} has {tabs}; expected {expected}");
        }
        var (label, tree) = isTreeFirst ? (columns[1].Trim(' '), columns[0]) : (columns[0].Trim(' '), columns[1]);
        if (label.Length != 1 || !char.IsAsciiDigit(label[0]))
            throw new FormatException($"the label is {Quote.Of(label)}; expected 0 to 9");
        CheckParentheses(tree);
        return Expression.Parse(tree, byte.Parse(label, CultureInfo.InvariantCulture));
    }

    private static void CheckParentheses(ReadOnlySpan<char> tree)
    {
        var depth = 0;
        foreach (var character in tree)
        {
            if (character == '(') depth++;
            if (character == ')' && --depth < 0) break;
        }
        if (depth != 0) throw new FormatException(depth < 0
            ? "a ')' has no '(' before it" : Invariant($"{depth} '(' are never closed"));
    }
}

/// <summary>The report of what ListOps files hold, in a few lines.</summary>
internal static class ListOpsDataReport
{
    private static readonly int[] Subsets = [10, 25, 50];

    /// <summary>Tells whether the path is a file, or a folder with ListOps files, .tsv or .tsv.gz.</summary>
    public static bool Recognises(string path) => Files(path).Any();

    /// <summary>Reports for each file: lines, those dropped, the subsets, the labels, wrong labels, and the count of each
    /// length.</summary>
    /// <exception cref="InputException">A file cannot be read; the message names the line.</exception>
    public static string Of(string path) =>
        string.Join('\n', Files(path).Select(file => Of(Path.GetFileName(file), ListOpsFile.Read(file))));

    private static string Of(string name, IReadOnlyList<Expression> all)
    {
        var trees = all.Where(expression => expression.Length > 1).ToList();
        var wrong = all.Count(expression => expression.Label != expression.Value());
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture,
            $"{name}: {all.Count} lines, {all.Count - trees.Count} of one token (dropped), {all.DistinctBy(expression => expression.Key).Count()} distinct, {wrong} whose label is not the value\n");
        foreach (var most in Subsets) report.Append(CultureInfo.InvariantCulture,
            $"  L ≤ {most}: {trees.Count(expression => expression.Length <= most)}\n");
        report.Append("  labels 0 to 9: ").AppendJoin(' ', Enumerable.Range(0, Vocabulary.Digits)
            .Select(label => trees.Count(expression => expression.Label == label)));
        report.Append("\n  by length: ").AppendJoin(' ', trees.GroupBy(expression => expression.Length)
            .OrderBy(group => group.Key).Select(group => Invariant($"{group.Key}:{group.Count()}")));
        return report.ToString();
    }

    private static IEnumerable<string> Files(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(file => file.EndsWith(".tsv", StringComparison.Ordinal)
            || file.EndsWith(".tsv.gz", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : [];
}
