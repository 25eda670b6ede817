using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// This baseline for REINFORCE is the exponential moving average of the mean cost of the steps before.
/// </summary>
/// <remarks>It does not depend on the values drawn in the current step, so it adds no bias. Costs that are not finite are left
/// out of the averages, and a step without a finite cost leaves the average as it is.</remarks>
/// <example>
/// <code>
/// var baseline = new MovingAverageBaseline(decay: 0.9);                    // one for the whole training
/// var logits = zeros(20, 5, requires_grad: true);
/// var node = new Reinforce().Sample(new OneHotCategorical(logits));
/// var cost = node.Value.argmax(-1).to(float32);                           // [20]
/// SurrogateLoss.Parallel(cost, [node], baseline.Next(cost)).mean().backward();
/// </code>
/// </example>
public sealed class MovingAverageBaseline
{
    /// <summary>Makes a baseline that has seen no step, or goes on from an average.</summary>
    /// <param name="decay">In [0, 1): the weight that the past keeps at each step.</param>
    /// <param name="value">The average to start (or resume) from, in the unit of the cost; null to take the first mean
    /// cost as the start.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is outside [0, 1), or
    /// <paramref name="value"/> is not finite.</exception>
    public MovingAverageBaseline(double decay, double? value = null)
    {
        if (!(decay is >= 0 and < 1)) throw Unexpected(nameof(decay), decay, "a number in [0, 1)");
        if (value is { } start && !double.IsFinite(start)) throw Unexpected(nameof(value), start, "a finite number");
        Decay = decay;
        Value = value;
    }

    /// <summary>The weight that the past keeps at each step.</summary>
    public double Decay { get; }

    /// <summary>The average so far, in the unit of the cost; null before the first step.</summary>
    public double? Value { get; private set; }

    /// <summary>Gives the baseline for this step's costs, then takes their mean into the average.</summary>
    /// <param name="cost">[B] or of any shape, this step's costs, one an example; integers and truth values count as
    /// numbers.</param>
    /// <returns>A constant of the shape and the dtype of the costs (float32 for integers): the average of the steps before. In
    /// the first step, which has none, each example gets the mean of the other examples, and a single example 0.</returns>
    /// <exception cref="ArgumentException"><paramref name="cost"/> is complex.</exception>
    public Tensor Next(Tensor cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        Require.Real(cost, nameof(cost));
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (!is_floating_point(cost)) cost = cost.to(ScalarType.Float32);
        var finite = cost.isfinite();
        var costs = cost.masked_select(finite);
        var baseline = Value is { } average ? Filled(cost, average) : MeanOfOthers(cost, costs, finite);
        // Not a number where no cost is finite.
        var mean = costs.mean().to(ScalarType.Float64).item<double>();
        var next = Value is { } past ? Decay * past + (1 - Decay) * mean : mean;
        if (double.IsFinite(next)) Value = next;
        return baseline.MoveToOuterDisposeScope();
    }

    private static ArgumentOutOfRangeException Unexpected(string name, double value, string expected) =>
        new(name, Require.Invariant($"{name} is {value}; expected {expected}."));

    private static Tensor Filled(Tensor cost, double value)
    {
        using Scalar scalar = value;
        return full_like(cost, scalar);
    }

    /// <summary>Gives for each example the mean of the other finite costs; 0 where there are none.</summary>
    private static Tensor MeanOfOthers(Tensor cost, Tensor costs, Tensor finite)
    {
        using Scalar count = costs.numel();
        var others = finite.to(ScalarType.Int64).neg_().Accumulate(count).clamp_(min: Scalars.One);
        return (costs.sum() - cost.masked_fill(finite.logical_not(), Scalars.Zero)).div_(others);
    }
}
