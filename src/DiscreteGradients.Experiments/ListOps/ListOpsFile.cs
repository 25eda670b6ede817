using System.Globalization;
using System.Text;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Files of the published format: a line is a label, a tab and a tree in parentheses; plain or .gz.</summary>
public static class ListOpsFile
{
    /// <summary>Reads every line, those of one token too.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line, named by its number, is no expression.</exception>
    public static IReadOnlyList<Expression> Read(string path)
    {
        var text = Encoding.UTF8.GetString(DataFile.Read(path)).TrimEnd('\n', '\r');
        if (text.Length == 0) throw new InputException($"{path} is empty; expected lines of a label, a tab and a tree");
        var expressions = new List<Expression>();
        foreach (var line in text.EnumerateLines())
        {
            try
            {
                expressions.Add(Parse(line));
            }
            catch (FormatException e)
            {
                throw new InputException($"{path}, line {expressions.Count + 1}: {e.Message}.", e);
            }
        }
        return expressions;
    }

    /// <summary>Writes lines to be read again.</summary>
    public static void Write(Stream stream, IEnumerable<Expression> expressions)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        foreach (var expression in expressions) writer.WriteLine(expression.Line());
    }

    private static Expression Parse(ReadOnlySpan<char> line)
    {
        var tab = line.IndexOf('\t');
        if (tab < 0) throw new FormatException($"{Shown(line)} has no tab; expected a label, a tab and a tree");
        var label = line[..tab].Trim();
        if (label.Length != 1 || !char.IsAsciiDigit(label[0])) throw new FormatException($"the label is '{Shown(label)}'; expected 0 to 9");
        var tree = line[(tab + 1)..];
        CheckParentheses(tree);
        return Expression.Parse(tree.ToString(), byte.Parse(label, CultureInfo.InvariantCulture));
    }

    private static void CheckParentheses(ReadOnlySpan<char> tree)
    {
        var depth = 0;
        foreach (var character in tree)
        {
            if (character == '(') depth++;
            if (character == ')' && --depth < 0) break;
        }
        if (depth != 0) throw new FormatException(depth < 0 ? "a ')' has no '(' before it" : $"{depth} '(' are never closed");
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length > 40 ? $"{text[..40]}…" : text.ToString();
}
