using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>A baseline for REINFORCE: the exponential moving average of the mean cost of the steps before.</summary>
/// <remarks>It does not depend on the values drawn in the current step, so it adds no bias.</remarks>
public sealed class MovingAverageBaseline
{
    /// <param name="decay">In [0, 1): the weight that the past keeps at each step.</param>
    /// <param name="value">The average to start (or resume) from, in the unit of the cost; null to take the first mean
    /// cost as the start.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is outside [0, 1).</exception>
    public MovingAverageBaseline(double decay, double? value = null)
    {
        if (!(decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), $"decay is {decay}; expected a number in [0, 1).");
        Decay = decay;
        Value = value;
    }

    /// <summary>The weight that the past keeps at each step.</summary>
    public double Decay { get; }

    /// <summary>The average so far, in the unit of the cost; null before the first step.</summary>
    public double? Value { get; private set; }

    /// <summary>Gives the baseline for this step's costs, then takes their mean into the average.</summary>
    /// <param name="cost">[B], this step's costs.</param>
    /// <returns>[B], constant: the average of the steps before. In the first step, which has none, each example gets
    /// the mean of the other examples, and a single example 0.</returns>
    public Tensor Next(Tensor cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var mean = cost.mean().to(ScalarType.Float64).item<double>();
        var count = cost.numel();
        using Scalar average = Value ?? 0, others = count - 1;
        var baseline = Value is not null ? full_like(cost, average)
            : count > 1 ? (cost.sum() - cost).div_(others)
            : zeros_like(cost);
        Value = Value is { } past ? Decay * past + (1 - Decay) * mean : mean;
        return baseline.detach().MoveToOuterDisposeScope();
    }
}
