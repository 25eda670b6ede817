namespace DiscreteGradients.Experiments.ListOps;

/// <summary>A ListOps expression: its tokens without parentheses, its label and its true tree.</summary>
internal sealed class Expression
{
    private readonly byte[] tokens;

    private Expression(byte[] tokens, byte label) => (this.tokens, Label) = (tokens, label);

    /// <summary>Numbers of <see cref="Vocabulary"/>; the operators and "]" are tokens too.</summary>
    public ReadOnlySpan<byte> Tokens => tokens;

    /// <summary>L, the number of tokens.</summary>
    public int Length => tokens.Length;

    /// <summary>The value, 0 to 9, as the data state it.</summary>
    public byte Label { get; }

    /// <summary>The tokens, separated by spaces.</summary>
    public string Text => string.Join(' ', tokens.Select(Vocabulary.Text));

    /// <summary>The key of the expression, equal for equal tokens.</summary>
    internal string Key => string.Create(tokens.Length, tokens, (key, from) =>
    {
        for (var i = 0; i < key.Length; i++) key[i] = (char)('a' + from[i]);
    });

    /// <summary>Reads tokens, leaving out parentheses.</summary>
    /// <param name="text">As in "[MAX 2 9 [MIN 4 7 ] 0 ]"; "]" and parentheses need no spaces.</param>
    /// <param name="label">Stated by the data; null for the value that the expression has.</param>
    /// <exception cref="FormatException">Not one whole expression; the message says at which token.</exception>
    public static Expression Parse(string text, byte? label = null) => Of(Read(text), label);

    /// <summary>An expression of tokens.</summary>
    /// <exception cref="FormatException">Not one whole expression.</exception>
    internal static Expression Of(byte[] tokens, byte? label = null)
    {
        var value = Grammar.Value(tokens);
        return new(tokens, label ?? value);
    }

    /// <summary>The tree of the published files: an operator takes its arguments and "]" one at a time, from the left.</summary>
    public BinaryTree Tree()
    {
        var open = new Stack<BinaryTree>();
        for (var i = 0; i < tokens.Length; i++)
        {
            var node = BinaryTree.Leaf(i);
            if (Vocabulary.IsOperator(tokens[i]))
            {
                open.Push(node);
                continue;
            }
            if (tokens[i] == Vocabulary.Close) node = open.Pop().Join(node);
            if (open.Count == 0) return node;
            open.Push(open.Pop().Join(node));
        }
        throw new InvalidOperationException("the expression is not whole.");
    }

    /// <summary>The value, whatever the label says.</summary>
    public byte Value() => Grammar.Value(tokens);

    /// <summary>A line of the published format: label, tab, the tree with a pair of parentheses around each pair.</summary>
    public string Line() => $"{Label}\t{TreeText.Brackets(Tree(), this)}";

    private static byte[] Read(string text)
    {
        var found = new List<byte>(text.Length / 2);
        for (var at = 0; at < text.Length;)
        {
            var end = at + 1;
            if (text[at] is not (' ' or '\t' or '(' or ')' or ']'))
            {
                while (end < text.Length && text[end] is not (' ' or '\t' or '(' or ')' or ']')) end++;
            }
            var word = text.AsSpan(at, end - at);
            if (word is not (" " or "\t" or "(" or ")"))
                found.Add(Vocabulary.Find(word) ?? throw new FormatException(
                    Invariant($"token {found.Count + 1} is {Quote.Of(word)}; expected a digit, [MIN, [MAX, [MED, [SM or ]")));
            at = end;
        }
        return [.. found];
    }
}

/// <summary>The grammar: an expression is a digit, or an operator, one expression or more, and "]".</summary>
internal static class Grammar
{
    /// <summary>The value of one whole expression, 0 to 9.</summary>
    /// <exception cref="FormatException">The tokens are something else; the message counts them from 1.</exception>
    public static byte Value(ReadOnlySpan<byte> tokens)
    {
        var values = new List<byte>();
        var open = new Stack<(byte Operator, int First)>();   // first: where its arguments begin among the values
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && open.Count == 0) throw new FormatException(
                Invariant($"the expression ends at token {i}; token {i + 1} is '{Vocabulary.Text(tokens[i])}'"));
            if (Vocabulary.IsOperator(tokens[i])) open.Push((tokens[i], values.Count));
            else if (tokens[i] == Vocabulary.Close) Close(values, open, i);
            else values.Add(tokens[i]);
        }
        if (tokens.Length == 0) throw new FormatException("there is no token; expected an expression");
        return open.Count == 0 ? values[0]
            : throw new FormatException($"the expression is cut off after token {tokens.Length}; {open.Count} more ']' expected");
    }

    private static void Close(List<byte> values, Stack<(byte Operator, int First)> open, int token)
    {
        if (open.Count == 0) throw new FormatException(Invariant($"token {token + 1} is ']'; expected a digit or an operator"));
        var (operation, first) = open.Pop();
        if (first == values.Count)
            throw new FormatException(Invariant($"token {token + 1} is ']' right after its operator; expected an argument"));
        var value = Vocabulary.Apply(operation, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values)[first..]);
        values.RemoveRange(first, values.Count - first);
        values.Add(value);
    }
}
