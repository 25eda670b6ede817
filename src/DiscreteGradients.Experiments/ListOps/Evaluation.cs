namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The grammar: an expression is a digit, or an operator, one expression or more, and "]".</summary>
internal static class Evaluation
{
    /// <summary>The value of one whole expression, 0 to 9.</summary>
    /// <exception cref="FormatException">The tokens are something else; the message counts them from 1.</exception>
    public static byte Value(ReadOnlySpan<byte> tokens)
    {
        var values = new List<byte>();
        var open = new Stack<(byte Operator, int First)>();   // first: where its arguments begin among the values
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && open.Count == 0) throw new FormatException(Invariant($"the expression ends at token {i}; token {i + 1} is '{Vocabulary.Text(tokens[i])}'"));
            if (Vocabulary.IsOperator(tokens[i])) open.Push((tokens[i], values.Count));
            else if (tokens[i] == Vocabulary.Close) Close(values, open, i);
            else values.Add(tokens[i]);
        }
        if (tokens.Length == 0) throw new FormatException("there is no token; expected an expression");
        return open.Count == 0 ? values[0] : throw new FormatException($"the expression is cut off after token {tokens.Length}; {open.Count} more ']' expected");
    }

    private static void Close(List<byte> values, Stack<(byte Operator, int First)> open, int token)
    {
        if (open.Count == 0) throw new FormatException(Invariant($"token {token + 1} is ']'; expected a digit or an operator"));
        var (operation, first) = open.Pop();
        if (first == values.Count) throw new FormatException(Invariant($"token {token + 1} is ']' right after its operator; expected an argument"));
        var value = Vocabulary.Apply(operation, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values)[first..]);
        values.RemoveRange(first, values.Count - first);
        values.Add(value);
    }
}
