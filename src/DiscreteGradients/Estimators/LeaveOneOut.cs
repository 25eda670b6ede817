using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// REINFORCE with several samples (RLOO) takes as the baseline of each sample the mean cost of the other ones. Draw from
/// logits with the samples in front, [S, *batch, ..., n], for example <c>logits.expand(S, -1, -1)</c>, and average the loss
/// over that axis. The gradient is (1/(S − 1)) Σ_s (f_s − f̄)(e_{k_s} − π): unbiased, and no baseline has to be learned.
/// </summary>
/// <remarks>Source: Salimans and Knowles, arXiv:1401.1022; Kool, van Hoof and Welling, Buy 4 REINFORCE samples, get a baseline
/// for free, 2019.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var samples = new Reinforce().Sample(new OneHotCategorical(logits.expand(4, -1, -1)));
/// var cost = samples.Value.argmax(-1).to(float32);                        // [4, 20]
/// SurrogateLoss.Parallel(cost, [samples], LeaveOneOut.Baseline(cost)).mean().backward();
/// </code>
/// </example>
public static class LeaveOneOut
{
    /// <summary>Computes the baseline.</summary>
    /// <param name="cost">f, [S, *batch] with S ≥ 2: independent samples along the first axis.</param>
    /// <returns>[S, *batch], constant, for <see cref="SurrogateLoss"/>: the mean of the other samples of the same
    /// example.</returns>
    /// <exception cref="ArgumentException"><paramref name="cost"/> has fewer than two samples, or is complex.</exception>
    public static Tensor Baseline(Tensor cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        Require.Real(cost, nameof(cost));
        if (cost.dim() == 0 || cost.shape[0] < 2)
        {
            throw new ArgumentException(
                $"cost has shape {Require.Shape(cost)}; expected at least two samples in the first axis.", nameof(cost));
        }
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar others = cost.shape[0] - 1;
        if (!is_floating_point(cost)) cost = cost.to(ScalarType.Float32);
        // An infinite cost cannot be taken off a sum that it is in.
        var sum = where(cost.abs() < Scalars.Infinity, cost.sum(dim: 0, keepdim: true) - cost,
            Before(cost).Plus(Before(cost.flip(0)).flip(0)));
        return sum.div_(others).MoveToOuterDisposeScope();
    }

    // The sum of the samples before each.
    private static Tensor Before(Tensor cost) =>
        cat([zeros_like(cost.narrow(0, 0, 1)), cost.narrow(0, 0, cost.shape[0] - 1)]).cumsum(0);
}
