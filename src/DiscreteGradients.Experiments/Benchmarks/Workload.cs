using System.Globalization;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The shape of the logits, [batch, variables, categories].</summary>
/// <param name="Batch">Examples.</param>
/// <param name="Variables">Of each example.</param>
/// <param name="Categories">n, of each variable.</param>
public sealed record Workload(int Batch, int Variables, int Categories)
{
    /// <summary>The paper's VAE at each arity, one large batch, and the parser of ListOps.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(20, 240, 2), new(20, 120, 4), new(20, 80, 8), new(20, 60, 16), new(200, 60, 16), new(50, 1, 49),
    ];

    /// <summary>Batch × variables × categories.</summary>
    internal long Elements => (long)Batch * Variables * Categories;

    /// <summary>Parses three numbers separated by commas.</summary>
    /// <exception cref="InputException">They are not three numbers of at least 1.</exception>
    public static Workload Parse(string text)
    {
        var parts = text.Split(',');
        var numbers = new int[3];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (parts.Length != numbers.Length || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < 1)
                throw new InputException($"workload '{text}' is not BATCH,VARIABLES,CATEGORIES; expected three whole numbers of at least 1, such as 20,80,8.");
        }
        return new(numbers[0], numbers[1], numbers[2]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Batch}, {Variables}, {Categories}]";
}
