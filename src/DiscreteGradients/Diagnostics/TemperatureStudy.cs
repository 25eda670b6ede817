using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>Which τ? The mean squared error of the gradient over a grid of temperatures, by common random numbers, and the
/// temperature that minimises it.</summary>
/// <param name="gradient">As for <see cref="GradientStudy"/>.</param>
public sealed class TemperatureStudy(Func<IGradientEstimator, Generator, Tensor> gradient)
{
    private const int Blocks = BlockMeans.Default;
    private readonly Func<IGradientEstimator, Generator, Tensor> gradient = gradient ?? throw new ArgumentNullException(nameof(gradient));

    /// <summary>Gradients drawn at each temperature; at least 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 20.</exception>
    public int Draws
    {
        get;
        init => field = value >= 2 * Blocks ? value : throw new ArgumentOutOfRangeException(nameof(value), Require.Invariant($"draws is {value}; expected at least {2 * Blocks}."));
    } = 1000;

    /// <summary>Equal seeds, equal numbers. Draw i starts from the same state at each temperature.</summary>
    public long Seed { get; init; }

    /// <summary>Against a known gradient.</summary>
    /// <param name="family">τ to the estimator, for example <c>τ => new GumbelRao(100, τ)</c>.</param>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="reference">r; see <see cref="ExactGradient"/>.</param>
    public TemperatureCurve Measure(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        var row = GradientRow.Of(reference).unsqueeze(0);
        return Against(family, temperatures, row.expand(Blocks, -1));
    }

    /// <summary>Against the mean of an unbiased estimator, <see cref="Reinforce"/> for example.</summary>
    /// <param name="family">τ to the estimator.</param>
    /// <param name="temperatures">Ascending, at least 3.</param>
    /// <param name="reference">Unbiased; drawn with noise of its own, which the uncertainty includes.</param>
    /// <param name="referenceDraws">Ten times <see cref="Draws"/> by default.</param>
    public TemperatureCurve Measure(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures, IGradientEstimator reference, int? referenceDraws = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var scope = NewDisposeScope();
        using var blocks = Draw(reference, referenceDraws ?? 10 * Draws, Seed + 1, new double[Blocks]);
        return Against(family, temperatures, blocks.Means());
    }

    private TemperatureCurve Against(Func<double, IGradientEstimator> family, IReadOnlyList<double> temperatures, Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(family);
        TemperatureChoice.Check(temperatures);
        var own = BlockMeans.Products(reference, reference);
        var points = temperatures.Select(temperature => Point(family(temperature), reference)).ToList();
        var full = points.ConvertAll(point => Error(point, own, -1));
        var leftOut = Enumerable.Range(0, Blocks).Select(block => points.ConvertAll(point => Error(point, own, block))).ToList();
        return new(temperatures, full, [.. temperatures.Select((_, i) => Jackknife.StandardError([.. leftOut.Select(curve => curve[i])]))],
            TemperatureChoice.Of(temperatures, full, leftOut));
    }

    /// <summary>Of each block of draws: the mean of ‖g‖², and the inner products of its mean with the reference's blocks.</summary>
    private (double[] Squares, double[,] Products) Point(IGradientEstimator estimator, Tensor reference)
    {
        using var scope = NewDisposeScope();
        var squares = new double[Blocks];
        using var blocks = Draw(estimator, Draws, Seed, squares);
        return (squares, BlockMeans.Products(blocks.Means(), reference));
    }

    /// <summary>E‖g‖² − 2⟨E g, r⟩ + ‖r‖² without one block of draws and of the reference.</summary>
    private static double Error((double[] Squares, double[,] Products) point, double[,] own, int without)
    {
        var kept = Enumerable.Range(0, Blocks).Where(block => block != without).ToList();
        var square = kept.Average(i => point.Squares[i]);
        var product = kept.Average(i => kept.Average(j => point.Products[i, j]));
        return square - 2 * product + SquaredNorm.Estimate(own, without);
    }

    private BlockMeans Draw(IGradientEstimator estimator, int draws, long seed, double[] squares)
    {
        BlockMeans? blocks = null;
        var counts = new int[Blocks];
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(Kernels.SplitMix64.Stream((ulong)seed, (ulong)draw));
            var row = GradientRow.Of(gradient(estimator, generator));
            blocks ??= new(row.numel());
            var block = blocks.BlockOf(draw, draws);
            blocks.Add(block, row);
            squares[block] += row.dot(row).item<double>();
            counts[block]++;
        }
        for (var block = 0; block < Blocks; block++) squares[block] /= counts[block];
        return blocks!;
    }
}
