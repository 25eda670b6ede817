using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Trees drawn with box characters: a line a token, the root at the left.</summary>
internal static class TreeText
{
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
            string.Concat(Enumerable.Repeat("( ", opens[i])) + Vocabulary.Text(token)
                + string.Concat(Enumerable.Repeat(" )", closes[i]))));
    }

    /// <summary>Adds a line a token.</summary>
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

/// <summary>Two trees over one expression side by side as SVG, the root at the top; what both have is drawn alike.</summary>
internal static class TreeSvg
{
    private const int Column = 44, Row = 26, Margin = 24, Heading = 34;

    /// <summary>A whole SVG document.</summary>
    /// <param name="expression">Its tokens stand below the trees.</param>
    /// <param name="trees">With headings; the first is measured against the second.</param>
    public static string Draw(Expression expression, params (string Heading, BinaryTree Tree)[] trees)
    {
        var height = trees.Max(tree => Height(tree.Tree));
        var panel = Column * expression.Length + 2 * Margin;
        var svg = new StringBuilder();
        Append(svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{panel * trees.Length}\" height=\"{Heading + Row * height + 2 * Margin}\" font-family=\"{PlotStyle.Font}, sans-serif\" font-size=\"14\">\n");
        Append(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (var i = 0; i < trees.Length; i++)
        {
            var shared = trees.Where((_, other) => other != i).Select(other => other.Tree.Brackets().ToHashSet()).ToList();
            Append(svg,
                $"<g transform=\"translate({i * panel + Margin},{Margin})\">\n<text x=\"0\" y=\"4\" font-weight=\"bold\">{HtmlPage.Text(trees[i].Heading)}</text>\n");
            Node(trees[i].Tree, height, (start, end) => shared.All(brackets => brackets.Contains((start, end))), svg);
            for (var token = 0; token < expression.Length; token++)
                Append(svg,
                    $"<text x=\"{Number((token + 0.5) * Column)}\" y=\"{Heading + Row * height + 14}\" text-anchor=\"middle\">{HtmlPage.Text(Vocabulary.Text(expression.Tokens[token]))}</text>\n");
            svg.Append("</g>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Draws a tree from the leaves up; gives where its root is.</summary>
    private static (double X, double Y) Node(BinaryTree tree, int height, Func<int, int, bool> shared, StringBuilder svg)
    {
        if (tree is not { Left: { } left, Right: { } right }) return ((tree.Start + 0.5) * Column, Heading + Row * height - 2);
        var (a, b) = (Node(left, height, shared, svg), Node(right, height, shared, svg));
        var (x, y) = ((a.X + b.X) / 2, Heading + Row * (height - Height(tree)) - 2.0);
        var both = shared(tree.Start, tree.End);
        var (colour, dash) = both ? (PlotStyle.Blue, "") : (PlotStyle.Vermilion, " stroke-dasharray=\"5 3\"");
        Append(svg,
            $"<path d=\"M{Number(a.X)} {Number(a.Y)}L{Number(x)} {Number(y)}L{Number(b.X)} {Number(b.Y)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>\n");
        return (x, y);
    }

    private static int Height(BinaryTree tree) =>
        tree is { Left: { } left, Right: { } right } ? 1 + Math.Max(Height(left), Height(right)) : 0;

    private static void Append(StringBuilder svg, FormattableString text) =>
        svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
