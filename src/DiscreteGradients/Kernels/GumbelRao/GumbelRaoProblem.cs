using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiscreteGradients.Kernels;

/// <summary>The arguments of a conditional Jacobian product: contiguous float arrays [rows, n], and its settings.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct GumbelRaoProblem
{
    /// <summary>The largest log-probability that means "masked".</summary>
    public const float MaskedLogProb = -1e8f;

    /// <summary>The normalised log-probabilities; a masked category has at most <see cref="MaskedLogProb"/>. A row is NaN
    /// throughout or nowhere.</summary>
    public required float* LogProbs { get; init; }

    /// <summary>The category drawn, one-hot; all zeros where every category is masked, NaN in a row of NaN.</summary>
    public required float* Value { get; init; }

    /// <summary>The gradient of the cost at the sample, ∂f/∂D. At a masked category it does not matter, NaN included.</summary>
    public required float* Gradient { get; init; }

    /// <summary>The gradient to the logits, to be written; may not overlap the inputs.</summary>
    public required float* Output { get; init; }

    /// <summary>The number of rows, ≥ 0.</summary>
    public required int Rows { get; init; }

    /// <summary>The number n of categories, ≥ 1.</summary>
    public required int Categories { get; init; }

    /// <summary>The number K of draws, ≥ 1.</summary>
    public required int Samples { get; init; }

    /// <summary>The temperature τ, in [0.01, 10].</summary>
    public required float Temperature { get; init; }

    /// <summary>The seed, which decides every draw.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The factor 1/(Kτ) of the sum over the draws.</summary>
    public float Scale => 1f / (Samples * Temperature);

    /// <summary>The power 1/τ where it is a whole number, at τ = 1, 0.5, 0.1 and the like; otherwise 0.</summary>
    public int WholePower => 1 / Temperature == MathF.Round(1 / Temperature) ? (int)(1 / Temperature) : 0;

    /// <summary>The category drawn in a row, or −1 where there is none or it is masked.</summary>
    public int Drawn(int row)
    {
        var value = Value + Offset(row);
        var (room, drawn) = (Offset(Rows) - Offset(row), 0);
        for (; drawn < Categories && drawn + Vector512<float>.Count <= room; drawn += Vector512<float>.Count)
        {
            // The vector may reach into the rows after this one: what it finds there is no category.
            var larger = Vector512.GreaterThan(Vector512.Load(value + drawn), Vector512.Create(0.5f));
            var found = larger.ExtractMostSignificantBits();
            if (found == 0) continue;
            drawn += BitOperations.TrailingZeroCount(found);
            return drawn < Categories ? Open(row, drawn) : -1;
        }

        while (drawn < Categories && !(value[drawn] > 0.5f))
            drawn++;

        return drawn < Categories ? Open(row, drawn) : -1;
    }

    /// <summary>Writes NaN to the output of the rows whose log-probabilities are NaN.</summary>
    public void MarkRowsOfNaN()
    {
        for (var row = 0; row < Rows; row++)
        {
            if (float.IsNaN(LogProbs[Offset(row)]))
                new Span<float>(Output + Offset(row), Categories).Fill(float.NaN);
        }
    }

    /// <summary>The index of the first element of a row.</summary>
    public long Offset(int row) => (long)row * Categories;

    private int Open(int row, int category) => LogProbs[Offset(row) + category] > MaskedLogProb ? category : -1;
}
