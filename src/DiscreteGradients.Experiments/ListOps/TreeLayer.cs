using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The nodes of each row in one layer, and the cells of their pairs.</summary>
internal sealed class TreeLayer(ListOpsBatch batch, int size)
{
    /// <summary>The nodes of a row, padding too.</summary>
    public int Size => size;

    /// <summary>The node at each place.</summary>
    public int[] Nodes { get; } = new int[batch.Count * size];

    /// <summary>The cell of each pair, at the place of its left node.</summary>
    public int[] Cells { get; } = new int[batch.Count * size];

    /// <summary>The pair that each row merges, or −1.</summary>
    public int[] Chosen { get; } = new int[batch.Count];

    /// <summary>The place of a row's k-th node.</summary>
    public int At(int row, int k) => row * size + k;

    /// <summary>The rows whose choice was no number, true at each of them.</summary>
    public bool[] IsUndecided { get; } = new bool[batch.Count];

    /// <summary>The pairs of a row outside the padding.</summary>
    public int Pairs(int row) => Math.Max(0, batch.Lengths[row] - 1 - (batch.Longest - size));

    /// <summary>Reads what each row chose.</summary>
    /// <param name="value">One-hot, [B, n]; zeros in rows without a pair, NaN where nothing could be chosen.</param>
    /// <exception cref="InvalidOperationException">A row is anything else.</exception>
    public void Choose(Tensor value)
    {
        using var contiguous = value.contiguous();
        var source = contiguous.data<float>().ToArray().AsSpan();
        for (var row = 0; row < batch.Count; row++)
        {
            var values = source.Slice(row * (size - 1), size - 1);
            Chosen[row] = values.IndexOf(1f);
            if (values.Contains(float.NaN))
            {
                (Chosen[row], IsUndecided[row]) = (Pairs(row) - 1, true);
                continue;
            }
            if (values.Count(0f) != (Pairs(row) > 0 ? size - 2 : size - 1) || Chosen[row] >= Pairs(row))
                throw new InvalidOperationException(Invariant(
                    $"the choice of row {row} is not one of its {Pairs(row)} pairs; a relaxed choice needs the layers in full."));
        }
    }
}
