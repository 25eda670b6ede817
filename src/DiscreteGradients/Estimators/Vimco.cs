using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// VIMCO is the loss of the importance-weighted bound L = log (1/S) Σ_s w_s, with a baseline for each sample from the other ones,
/// L with log w_s replaced by their mean. It is unbiased for the bound, and no baseline has to be learned.
/// </summary>
/// <remarks>Source: Mnih and Rezende, Variational inference for Monte Carlo objectives, ICML 2016, arXiv:1602.06725.</remarks>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var q = new OneHotCategorical(logits.expand(8, -1, -1));                // 8 samples
/// var node = new Reinforce().Sample(q);
/// var logJoint = (node.Value * randn(5)).sum(-1);                         // log p(x, D), [8, 20]
/// Vimco.Loss(logJoint - q.LogProb(node.Value), [node]).mean().backward();
/// </code>
/// </example>
public static class Vimco
{
    /// <summary>Closes the bound over the nodes of its samples.</summary>
    /// <param name="logWeights">log w_s = log p(x, D_s) − log q(D_s | x), [S, *batch] with S ≥ 2, nats.</param>
    /// <param name="nodes">In the order drawn; values [S, *batch, ..., n]. Scored nodes get the baseline; others are credited as
    /// in <see cref="SurrogateLoss"/>.</param>
    /// <returns>[*batch]: −L, to be minimised.</returns>
    /// <exception cref="ArgumentException"><paramref name="logWeights"/> has fewer than two samples or is complex, or a node has
    /// other leading axes.</exception>
    public static Tensor Loss(Tensor logWeights, IReadOnlyList<StochasticNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        using var scope = NewDisposeScope();
        var means = LeaveOneOut.Baseline(logWeights);
        using Scalar samples = logWeights.shape[0], log = Math.Log(logWeights.shape[0]);
        var cost = logWeights.logsumexp(0).sub(log).neg().expand(logWeights.shape);
        // The loss is the mean over the samples and wants the sum of the score terms: S times the advantage.
        var advantage = cost.detach().Plus(Without(logWeights.detach(), means).sub(log)).mul(samples);
        return SurrogateLoss.Sequential(cost, nodes, cost.detach() - advantage).mean([0]).MoveToOuterDisposeScope();
    }

    // log Σ w with log w_s replaced by the mean of the others, for each s, [S, *batch].
    private static Tensor Without(Tensor logWeights, Tensor means)
    {
        var count = logWeights.shape[0];
        long[] diagonal = [count, count, .. logWeights.shape.Skip(1).Select(_ => 1L)];
        var own = eye(count, dtype: ScalarType.Bool, device: logWeights.device).reshape(diagonal);
        return where(own, means.unsqueeze(0), logWeights.unsqueeze(1)).logsumexp(0);
    }
}
