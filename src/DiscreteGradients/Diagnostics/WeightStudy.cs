using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// A study of weights finds the λ of <see cref="SecondOrderStraightThrough"/> with the least mean squared error of the
/// gradient, from pairs of gradients of λ = 0 and 1 at the same draws. It needs no reference, because λ = 1 stands for the
/// unbiased one.
/// </summary>
/// <remarks>With S the gradient of λ = 0 and N the difference, λ* = (‖E N‖² − cov(S, N)/B)/(‖E N‖² + tr var N/B), in [0, 1]. It
/// takes the cost as quadratic over the jump from one category to another; where it is not, the bias of λ = 1 is left
/// out.</remarks>
/// <example>
/// <code>
/// var logits = randn(1, 4, dtype: ScalarType.Float64).requires_grad_();
/// var weights = randn(4, dtype: ScalarType.Float64);
/// Tensor Gradient(IGradientEstimator estimator, Generator generator)
/// {
///     var node = estimator.Sample(new OneHotCategorical(logits), generator);
///     var y = (node.Value * weights).sum(-1);
///     return autograd.grad([SurrogateLoss.Parallel(y * y, [node]).sum()], [logits])[0];
/// }
/// Console.WriteLine(new WeightStudy(Gradient) { Draws = 50 }.Measure(batch: 20));
/// </code>
/// </example>
public sealed class WeightStudy
{
    private const int Blocks = GradientBlocks.Count;
    private readonly GradientSource source;

    /// <summary>Makes a study of gradients that are drawn one at a time.</summary>
    /// <param name="gradient">As for <see cref="GradientStudy"/>; it must take all its randomness from the generator.</param>
    public WeightStudy(Func<IGradientEstimator, Generator, Tensor> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        source = new((_, generator, _) => Pair(estimator => gradient(estimator, generator)?.unsqueeze(0), generator, 1), 1);
    }

    /// <summary>Makes a study of gradients that are drawn several at a time.</summary>
    /// <param name="gradients">As for <see cref="GradientStudy"/>; it must take all its randomness from the generator.</param>
    /// <param name="drawsAtOnce">The most draws that are asked for at once; equal numbers need an equal one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="drawsAtOnce"/> is below 1.</exception>
    public WeightStudy(Func<IGradientEstimator, Generator, int, Tensor> gradients, int drawsAtOnce)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        source = new(
            (_, generator, count) => Pair(estimator => gradients(estimator, generator, count), generator, count), drawsAtOnce);
    }

    /// <summary>The number of pairs of gradients; at least 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 20.</exception>
    public int Draws { get; init => field = GradientSource.Checked(value); } = 1000;

    /// <summary>The seed of the draws: equal seeds give equal numbers.</summary>
    public long Seed { get; init; }

    /// <summary>Measures the best weight. Where no weight is better than another, as with a category that is certain, the weight
    /// is 1, in an interval from 0 to 1.</summary>
    /// <param name="batch">B, the number of independent gradients that a training step averages, in units of one draw of the
    /// study; at least 1. The larger, the more the bias counts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">The study's closure gave no gradient, or one of another number of
    /// elements.</exception>
    public WeightChoice Measure(double batch = 1)
    {
        Require.Batch(batch);
        var (draws, products, squares) = (new double[Blocks], new double[Blocks], new double[Blocks]);
        using var scope = NewDisposeScope();
        using var blocks = source.Draw(new SecondOrderStraightThrough(), Draws, Seed, take: Take);
        if (squares.Sum() == 0) return new(new(1, 0), 0, 1);
        var means = blocks.Means();
        var (first, second) = (means.narrow(1, 0, means.shape[1] / 2), means.narrow(1, means.shape[1] / 2, means.shape[1] / 2));
        var norms = GradientBlocks.Products(second, second);
        var crosses = GradientBlocks.Products(first, second);
        // Of each block: Σ⟨S, N⟩ less n⟨mean S, mean N⟩ over n − 1, and the same of N with itself.
        var covariances = products.Select((sum, i) => (sum - draws[i] * crosses[i, i]) / (draws[i] - 1)).ToArray();
        var variances = squares.Select((sum, i) => (sum - draws[i] * norms[i, i]) / (draws[i] - 1)).ToArray();
        var choice = Jackknife.Of(Blocks, Weight);
        var spread = 1.96 * choice.Error;
        return new(choice, Math.Clamp(choice.Value - spread, 0, 1), Math.Clamp(choice.Value + spread, 0, 1));

        double Weight(int without)
        {
            var kept = Jackknife.Kept(Blocks, without);
            var norm = SquaredNorm.Without(norms, without);
            var weight = (norm - kept.Average(i => covariances[i]) / batch) / (norm + kept.Average(i => variances[i]) / batch);
            return Math.Clamp(weight, 0, 1);
        }

        void Take(int block, Tensor rows)
        {
            var (s, n) = (rows.narrow(1, 0, rows.shape[1] / 2), rows.narrow(1, rows.shape[1] / 2, rows.shape[1] / 2));
            products[block] += (s * n).sum().item<double>();
            squares[block] += n.Squared().sum().item<double>();
            draws[block] += rows.shape[0];
        }
    }

    // [draws, 2 · dimension]: S beside N, from the same state of the generator.
    private static Tensor Pair(Func<IGradientEstimator, Tensor?> gradients, Generator generator, int count)
    {
        using var state = generator.get_state();
        var first = Rows(0);
        generator.set_state(state);
        return cat([first, Rows(1) - first], 1);

        Tensor Rows(double weight) => GradientSource.Rows(gradients(new SecondOrderStraightThrough(weight)), count);
    }
}

/// <summary>
/// A choice is the weight λ of the least mean squared error, with its uncertainty.
/// </summary>
/// <param name="Weight">λ, in [0, 1], with its standard error by the jackknife.</param>
/// <param name="Low">The lower end of the 95 % interval, at least 0.</param>
/// <param name="High">The upper end of the same interval, at most 1.</param>
/// <example>
/// <code>
/// var logits = randn(1, 4, dtype: ScalarType.Float64).requires_grad_();
/// var weights = randn(4, dtype: ScalarType.Float64);
/// Tensor Gradient(IGradientEstimator estimator, Generator generator)
/// {
///     var node = estimator.Sample(new OneHotCategorical(logits), generator);
///     var y = (node.Value * weights).sum(-1);
///     return autograd.grad([SurrogateLoss.Parallel(y * y, [node]).sum()], [logits])[0];
/// }
/// var choice = new WeightStudy(Gradient) { Draws = 50 }.Measure(batch: 20);
/// var estimator = new SecondOrderStraightThrough(choice.Weight.Value);
/// </code>
/// </example>
public sealed record WeightChoice(Estimate Weight, double Low, double High)
{
    /// <summary>Writes the weight in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"weight {Weight.Value:G3} (95 %: {Low:G3} to {High:G3})");
}
