using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>The sums over consecutive blocks of draws of a gradient, from which a squared bias, a mean squared error and
/// their errors are taken.</summary>
/// <remarks>They take the memory of <see cref="Count"/> gradients in float64.</remarks>
internal sealed class GradientBlocks(long dimension) : IDisposable
{
    /// <summary>The number of blocks: enough for an error known to about a quarter, few enough to be held.</summary>
    public const int Count = 10;

    // [blocks, dimension]
    private readonly Tensor sums = zeros(Count, dimension, dtype: ScalarType.Float64, device: CPU).DetachFromDisposeScope();
    private readonly double[] squares = new double[Count], draws = new double[Count];

    /// <summary>Gives the first of <paramref name="draws"/> draws that is in a block.</summary>
    public static int Start(int block, int draws) => (int)((long)block * draws / Count);

    /// <summary>Adds draws, [draws, dimension], float64, to a block.</summary>
    public void Add(int block, Tensor rows)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        sums[block].Accumulate(rows.sum(dim: 0));
        squares[block] += rows.Squared().sum().item<double>();
        draws[block] += rows.shape[0];
    }

    /// <summary>Gives the mean of each block, [blocks, dimension]; every block must have a draw.</summary>
    public Tensor Means()
    {
        using var scope = NewDisposeScope();
        return sums.div(tensor(draws, device: CPU).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the mean of ‖g‖² over each block.</summary>
    public double[] MeanSquares() => [.. squares.Zip(draws, (sum, count) => sum / count)];

    /// <summary>Measures the draws against a reference.</summary>
    /// <param name="reference">r, [1, dimension], or the means of as many blocks of draws of it, [blocks, dimension].</param>
    public BlockedErrors Against(Tensor reference)
    {
        using var scope = NewDisposeScope();
        var means = Means();
        var norms = means.Squared().sum(1).data<double>().ToArray();
        // tr cov(g) of each block: Σ‖g‖² − n‖mean‖² over n − 1.
        double[] traces =
            [.. squares.Select((sum, block) => Math.Max(0, sum - draws[block] * norms[block]) / (draws[block] - 1))];
        var differences = means - reference;
        return new(traces, Products(differences, differences))
        {
            Means = new(Products(means, means), Products(means, reference), Products(reference, reference)),
        };
    }

    /// <summary>Computes the inner products of rows, [a, dimension] with [b, dimension].</summary>
    public static double[,] Products(Tensor rows, Tensor others)
    {
        using var scope = NewDisposeScope();
        return (double[,])rows.matmul(others.t()).data<double>().ToNDArray();
    }

    public void Dispose() => sums.Dispose();
}
