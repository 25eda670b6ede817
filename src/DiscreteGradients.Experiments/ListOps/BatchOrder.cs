using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The batches of each epoch, in random order: a pure function of (seed, step). Every example once an epoch; one
/// batch may be smaller.</summary>
internal sealed class BatchOrder
{
    private const ulong ExamplesPart = 0, BatchesPart = 1;   // of the seed
    private readonly IReadOnlyList<int> lengths;
    private readonly int batchSize;
    private readonly Batching batching;
    private readonly SampleOrder examples, batches;
    private readonly int[] members, order;
    private long epoch = -1;

    /// <param name="batchSize">At least 1.</param>
    /// <param name="batching">Whether examples of one length go together.</param>
    /// <param name="seed">Equal seeds, equal batches.</param>
    public BatchOrder(IReadOnlyList<int> lengths, int batchSize, Batching batching, ulong seed)
    {
        (this.lengths, this.batchSize, this.batching) = (lengths, batchSize, batching);
        members = new int[lengths.Count];
        order = new int[(lengths.Count + batchSize - 1) / batchSize];
        examples = new SampleOrder(members.Length, Seeds.Derive(seed, ExamplesPart));
        batches = new SampleOrder(order.Length, Seeds.Derive(seed, BatchesPart));
    }

    /// <summary>Batches an epoch.</summary>
    public int Count => order.Length;

    /// <summary>The examples of a step, counted from 0; valid until the next call.</summary>
    public ReadOnlySpan<int> Batch(int step)
    {
        if (step / Count != epoch) Arrange(step / Count);
        var first = order[step % Count] * batchSize;
        return members.AsSpan(first, Math.Min(batchSize, members.Length - first));
    }

    private void Arrange(int next)
    {
        epoch = next;
        examples.Fill(epoch, members);
        if (batching == Batching.Buckets)
        {
            // A key for each place keeps the random order within a length.
            var keys = members.Select((member, place) => ((long)lengths[member] << 32) + place).ToArray();
            Array.Sort(keys, members);
        }
        batches.Fill(epoch, order);
    }
}

/// <summary>Expressions side by side, in the dispose scope of the caller.</summary>
/// <param name="Tokens">The tokens, [B, N], int64, N the longest length; 0 where there is no token.</param>
/// <param name="Lengths">The lengths, [B], each 1 … N.</param>
/// <param name="Labels">The labels, [B], int64.</param>
internal sealed record ListOpsBatch(Tensor Tokens, IReadOnlyList<int> Lengths, Tensor Labels)
{
    /// <summary>The longest length N.</summary>
    public int Longest { get; } = (int)Tokens.shape[1];

    /// <summary>The number B of expressions.</summary>
    public int Count => Lengths.Count;

    /// <summary>Tells whether any expression is shorter than the longest.</summary>
    public bool IsPadded => Lengths.Any(length => length < Longest);

    /// <summary>Makes a batch; at least one expression.</summary>
    public static ListOpsBatch Of(IReadOnlyList<Expression> expressions)
    {
        var longest = expressions.Max(expression => expression.Length);
        var tokens = new long[expressions.Count * longest];
        for (var i = 0; i < expressions.Count; i++)
        {
            for (var j = 0; j < expressions[i].Length; j++) tokens[i * longest + j] = expressions[i].Tokens[j];
        }
        return new(tensor(tokens, [expressions.Count, longest]), [.. expressions.Select(expression => expression.Length)],
            tensor(expressions.Select(expression => (long)expression.Label).ToArray()));
    }
}
