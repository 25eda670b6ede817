namespace DiscreteGradients.Experiments.ListOps;

/// <summary>A binary tree over the tokens Start … End − 1.</summary>
internal sealed class BinaryTree
{
    private BinaryTree(int start, int end, BinaryTree? left, BinaryTree? right) =>
        (Start, End, Left, Right) = (start, end, left, right);

    public int Start { get; }

    /// <summary>Past the last token.</summary>
    public int End { get; }

    /// <summary>Null in a leaf.</summary>
    public BinaryTree? Left { get; }

    /// <summary>Null in a leaf.</summary>
    public BinaryTree? Right { get; }

    public int Length => End - Start;

    public static BinaryTree Leaf(int token) => new(token, token + 1, null, null);

    /// <summary>This and the tree right after it.</summary>
    public BinaryTree Join(BinaryTree next) => next.Start == End
        ? new(Start, next.End, this, next)
        : throw new ArgumentException(Invariant($"next starts at token {next.Start}; expected {End}, where this tree ends."),
            nameof(next));

    /// <summary>The tree that joins neighbours one pair at a time.</summary>
    /// <param name="merges">Position of the left partner among the nodes left, length − 1 times.</param>
    public static BinaryTree OfMerges(int length, IEnumerable<int> merges)
    {
        var nodes = Enumerable.Range(0, length).Select(Leaf).ToList();
        foreach (var at in merges)
        {
            nodes[at] = nodes[at].Join(nodes[at + 1]);
            nodes.RemoveAt(at + 1);
        }
        return nodes.Count == 1
            ? nodes[0]
            : throw new ArgumentException($"merges leave {nodes.Count} trees; expected one.", nameof(merges));
    }

    /// <summary>Every node of two tokens or more, the whole included, parents first.</summary>
    public IEnumerable<(int Start, int End)> Brackets()
    {
        var pending = new Stack<BinaryTree>([this]);
        while (pending.TryPop(out var node))
        {
            if (node is not { Left: { } left, Right: { } right }) continue;
            yield return (node.Start, node.End);
            pending.Push(right);
            pending.Push(left);
        }
    }

    /// <summary>Bracket F1 of two trees over the same tokens: the share of brackets that both have (each has length − 1, so
    /// precision and recall are equal). Counts the whole expression, not single tokens. 1 for a single token.</summary>
    public double F1(BinaryTree other)
    {
        if ((Start, End) != (other.Start, other.End)) throw new ArgumentException(
            Invariant($"other is over tokens {other.Start} to {other.End}; expected {Start} to {End}."), nameof(other));
        if (Length == 1) return 1;
        var ours = Brackets().ToHashSet();
        return (double)other.Brackets().Count(ours.Contains) / ours.Count;
    }
}
