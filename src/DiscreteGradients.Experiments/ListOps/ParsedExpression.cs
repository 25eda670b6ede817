using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The parse of an expression by a model alone, each choice at its most probable pair.</summary>
/// <param name="Tree">The tree that it chose.</param>
/// <param name="Value">The value that it gives, 0 to 9.</param>
/// <param name="Cost">Cross-entropy of the label, nats.</param>
internal sealed record ParsedExpression(BinaryTree Tree, int Value, double Cost)
{
    /// <summary>The most tokens of an expression that is parsed.</summary>
    public const int MostTokens = 1000;

    private const int BatchSize = 256, BatchTokens = 12_800;

    /// <summary>Parses expressions, which are batched by length: the results are in their order.</summary>
    public static IReadOnlyList<ParsedExpression> All(TreeLstm model, IReadOnlyList<Expression> expressions,
        Action<int>? progress = null, CancellationToken cancellation = default)
    {
        var parses = new ParsedExpression[expressions.Count];
        var done = 0;
        foreach (var chunk in Chunks(expressions))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (i, parse) in chunk.Zip(Of(model, [.. chunk.Select(i => expressions[i])]))) parses[i] = parse;
            progress?.Invoke(done += chunk.Count);
        }
        return parses;
    }

    /// <summary>The most probable pair of each row, without gradient.</summary>
    /// <param name="scores">[B, n].</param>
    /// <param name="mask">[B, n], bool, or null.</param>
    public static StochasticNode Greedy(Tensor scores, Tensor? mask) =>
        StochasticNode.Attached(new OneHotCategorical(scores, mask).Mode());

    /// <summary>Positions by length, in batches of at most so many expressions and, padded, tokens.</summary>
    private static IEnumerable<IReadOnlyList<int>> Chunks(IReadOnlyList<Expression> expressions)
    {
        var chunk = new List<int>();
        foreach (var i in Enumerable.Range(0, expressions.Count).OrderBy(i => expressions[i].Length))
        {
            if (chunk.Count == BatchSize || chunk.Count > 0 && (chunk.Count + 1) * expressions[i].Length > BatchTokens)
            {
                yield return chunk;
                chunk = [];
            }
            chunk.Add(i);
        }
        if (chunk.Count > 0) yield return chunk;
    }

    private static IEnumerable<ParsedExpression> Of(TreeLstm model, IReadOnlyList<Expression> expressions)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var batch = ListOpsBatch.Of(expressions);
        var output = model.Forward(batch, Greedy);
        var merges = output.Choices.Select(choice => choice.Value.argmax(-1).data<long>().ToArray()).ToList();
        var values = output.Logits.argmax(-1).data<long>().ToArray();
        var costs = output.Cost(batch.Labels).to(ScalarType.Float64).data<double>().ToArray();
        // The last pair is no choice. A row that is done earlier chose its last pair where nothing else was allowed.
        return [.. expressions.Select((expression, i) => new ParsedExpression(
            BinaryTree.OfMerges(expression.Length, merges.Select(merge => (int)merge[i]).Append(0).Take(expression.Length - 1)),
                (int)values[i], costs[i]))];
    }
}
