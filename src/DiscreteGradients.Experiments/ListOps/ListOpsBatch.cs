using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>Expressions side by side, in the dispose scope of the caller.</summary>
/// <param name="Tokens">[B, N], int64, N the longest length; 0 where there is no token.</param>
/// <param name="Lengths">[B], each 1 … N.</param>
/// <param name="Labels">[B], int64.</param>
internal sealed record ListOpsBatch(Tensor Tokens, IReadOnlyList<int> Lengths, Tensor Labels)
{
    /// <summary>N.</summary>
    public int Longest => (int)Tokens.shape[1];

    /// <summary>B.</summary>
    public int Count => Lengths.Count;

    /// <summary>Whether any expression is shorter than the longest.</summary>
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
