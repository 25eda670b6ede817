using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>What ListOps files hold, in a few lines.</summary>
internal static class DataReport
{
    private static readonly int[] Subsets = [10, 25, 50];

    /// <summary>Whether the path is such a file, or a folder with such files.</summary>
    public static bool Recognises(string path) => Files(path).Any();

    /// <summary>For each file: lines, those dropped, the subsets, the labels, wrong labels, and the count of each length.</summary>
    /// <exception cref="InputException">A file cannot be read; the message names the line.</exception>
    public static string Of(string path) => string.Join('\n', Files(path).Select(file => Of(Path.GetFileName(file), ListOpsFile.Read(file))));

    private static string Of(string name, IReadOnlyList<Expression> all)
    {
        var trees = all.Where(expression => expression.Length > 1).ToList();
        var wrong = all.Count(expression => expression.Label != expression.Value());
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"{name}: {all.Count} lines, {all.Count - trees.Count} of one token (dropped), {all.DistinctBy(expression => expression.Key).Count()} distinct, {wrong} whose label is not the value\n");
        foreach (var most in Subsets) report.Append(CultureInfo.InvariantCulture, $"  L ≤ {most}: {trees.Count(expression => expression.Length <= most)}\n");
        report.Append("  labels 0 to 9: ").AppendJoin(' ', Enumerable.Range(0, Vocabulary.Digits).Select(label => trees.Count(expression => expression.Label == label)));
        report.Append("\n  by length: ").AppendJoin(' ', trees.GroupBy(expression => expression.Length).OrderBy(group => group.Key).Select(group => Invariant($"{group.Key}:{group.Count()}")));
        return report.ToString();
    }

    private static IEnumerable<string> Files(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(file => file.EndsWith(".tsv", StringComparison.Ordinal) || file.EndsWith(".tsv.gz", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : [];
}
