using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>Means of consecutive blocks of draws: what a squared bias and its error are taken from.</summary>
/// <remarks>The inner product of two different blocks' means is free of their sampling variance, and the spread of the
/// products tells the error. Memory: <see cref="Count"/> gradients in float64.</remarks>
internal sealed class BlockMeans : IDisposable
{
    /// <summary>Enough for an error known to about a quarter, few enough to be held.</summary>
    public const int Default = 10;

    private readonly Tensor sums;       // [blocks, dimension]
    private readonly long[] counts;

    public BlockMeans(long dimension, int blocks = Default)
    {
        using var _ = NewDisposeScope();
        sums = zeros(blocks, dimension, dtype: ScalarType.Float64).DetachFromDisposeScope();
        counts = new long[blocks];
    }

    public int Count => counts.Length;

    /// <summary>The block of draw <paramref name="index"/> of <paramref name="draws"/>.</summary>
    public int BlockOf(long index, long draws) => (int)(index * Count / draws);

    /// <summary>Takes a draw, [dimension], into a block.</summary>
    public void Add(int block, Tensor row)
    {
        using var _ = no_grad();
        using var sum = sums[block];
        sum.Accumulate(row);
        counts[block]++;
    }

    /// <summary>[blocks, dimension]; every block must have a draw.</summary>
    public Tensor Means()
    {
        using var scope = NewDisposeScope();
        return sums.div(tensor(counts).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The inner products of rows, [a, dimension] with [b, dimension].</summary>
    public static double[,] Products(Tensor rows, Tensor others)
    {
        using var scope = NewDisposeScope();
        var flat = rows.matmul(others.t()).contiguous().data<double>().ToArray();
        var products = new double[rows.shape[0], others.shape[0]];
        Buffer.BlockCopy(flat, 0, products, 0, flat.Length * sizeof(double));
        return products;
    }

    public void Dispose() => sums.Dispose();
}
