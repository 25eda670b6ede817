using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>
/// Draws expressions by the law of the published set (Nangia and Bowman, 2018): below depth 20 a node is an operator
/// with probability 1/4, else a digit; an operator, uniform over the four, takes 2 to 5 arguments.
/// </summary>
/// <remarks>The same seed gives the same expressions on every system.</remarks>
internal sealed class ExpressionGenerator
{
    private const int MostDepth = 20, FewestArguments = 2, MostArguments = 5;
    private const double OperatorShare = 0.25;
    private readonly ulong seed;
    private ulong drawn;

    /// <param name="seed">Equal seeds, equal expressions.</param>
    public ExpressionGenerator(ulong seed) => this.seed = seed;

    /// <summary>One expression, perhaps one digit.</summary>
    public Expression Next()
    {
        var tokens = new List<byte>();
        Append(tokens, 1);
        return Expression.Of([.. tokens]);
    }

    /// <summary>So many different expressions, in random order.</summary>
    /// <remarks>Leaving out what was drawn before shapes the law of the lengths: short expressions run out. So the count
    /// must be that of the whole published set, 100,000, for its law to come out.</remarks>
    public IReadOnlyList<Expression> Distinct(int count, CancellationToken cancellation = default)
    {
        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        var all = new List<Expression>(count);
        while (all.Count < count)
        {
            cancellation.ThrowIfCancellationRequested();
            var expression = Next();
            if (seen.Add(expression.Key)) all.Add(expression);
        }
        var order = new int[count];
        // The seed of the order is the second random word too: a word and a seed, which have nothing in common that shows.
        new SampleOrder(count, Seeds.For(seed, SeedPurpose.Order)).Fill(0, order);
        return [.. order.Select(i => all[i])];
    }

    private void Append(List<byte> tokens, int depth)
    {
        if (depth >= MostDepth || Uniform() > OperatorShare)
        {
            tokens.Add((byte)Below(Vocabulary.Digits));
            return;
        }
        var arguments = FewestArguments + Below(MostArguments - FewestArguments + 1);
        tokens.Add((byte)(Vocabulary.Digits + Below(Vocabulary.Close - Vocabulary.Digits)));
        for (var i = 0; i < arguments; i++) Append(tokens, depth + 1);
        tokens.Add(Vocabulary.Close);
    }

    private double Uniform() => (Seeds.Derive(seed, drawn++) >> 11) * (1.0 / (1UL << 53));

    private int Below(int count) => (int)(Uniform() * count);
}
