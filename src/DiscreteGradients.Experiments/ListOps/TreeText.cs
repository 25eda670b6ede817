namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Trees drawn with box characters: a line a token, the root at the left.</summary>
internal static class TreeText
{
    /// <summary>One tree.</summary>
    /// <param name="tree">Over all tokens of the expression.</param>
    /// <param name="expression">Its tokens stand at the ends.</param>
    /// <returns>As many lines as tokens.</returns>
    public static IReadOnlyList<string> Lines(BinaryTree tree, Expression expression)
    {
        var branches = new List<string>();
        Draw(tree, [], branches);
        var width = branches.Max(line => line.Length);
        return [.. branches.Select((line, i) => $"{line.PadRight(width, '─')} {Vocabulary.Text(expression.Tokens[i])}")];
    }

    /// <summary>Two columns with headings.</summary>
    public static string Beside(string leftHeading, IReadOnlyList<string> left, string rightHeading, IReadOnlyList<string> right)
    {
        var width = left.Append(leftHeading).Max(line => line.Length) + 4;
        return string.Join('\n', left.Prepend(leftHeading).Zip(right.Prepend(rightHeading), (a, b) => $"{a.PadRight(width)}{b}"));
    }

    /// <summary>On one line, a pair of parentheses around each pair, as in the published files.</summary>
    public static string Brackets(BinaryTree tree, Expression expression)
    {
        var (opens, closes) = (new int[expression.Length], new int[expression.Length]);
        foreach (var (start, end) in tree.Brackets())
        {
            opens[start]++;
            closes[end - 1]++;
        }
        return string.Join(' ', expression.Tokens.ToArray().Select((token, i) =>
            string.Concat(Enumerable.Repeat("( ", opens[i])) + Vocabulary.Text(token) + string.Concat(Enumerable.Repeat(" )", closes[i]))));
    }

    /// <summary>Adds a line a token.</summary>
    /// <param name="tree">A part.</param>
    /// <param name="columns">The text before the part's next line, from the root on.</param>
    /// <param name="lines">Those of the tokens before it.</param>
    private static void Draw(BinaryTree tree, List<string> columns, List<string> lines)
    {
        if (tree is not { Left: { } left, Right: { } right })
        {
            lines.Add(string.Concat(columns));
            for (var i = 0; i < columns.Count; i++) columns[i] = columns[i] is "┬─" or "│ " ? "│ " : "  ";
            return;
        }
        columns.Add("┬─");
        Draw(left, columns, lines);
        columns[^1] = "└─";
        Draw(right, columns, lines);
        columns.RemoveAt(columns.Count - 1);
    }
}
