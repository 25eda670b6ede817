using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>
/// The masking of the code of Choi et al., flawed, to measure what it costs: y = softmax over all pairs, padding too;
/// y ← (y·mask + 1e-20) / Σ. Where the best pair lies in the padding and leads by more than 88 τ, every true pair has
/// underflowed in float32, and the first is taken whatever the scores are.
/// </summary>
/// <remarks>For ST-GS the value is argmax y at the perturbed scores. For GR-MCK it is drawn by y at the scores (no underflow
/// at τ = 1) and the gradient is that of the mean y over K perturbed scores given that value among all pairs.</remarks>
internal sealed class ReferenceMasking(EstimatorName estimator, double temperature, Generator generator) : IDisposable
{
    private readonly Scalar tau = temperature;
    private readonly Scalar epsilon = 1e-20;
    private readonly int? samples = estimator.Samples;   // of ST-GS none

    /// <summary>Draws the pair of each row; the gradient is attached to the value.</summary>
    /// <param name="scores">[B, n].</param>
    /// <param name="mask">[B, n], bool, or null if everything may be chosen.</param>
    public StochasticNode Choose(Tensor scores, Tensor? mask)
    {
        var (drawn, soft) = samples is { } count ? Conditional(scores, mask, count) : StraightThrough(scores, mask);
        if (mask is not null) drawn = drawn * mask.any(-1, keepdim: true);   // rows that are done keep their state
        return StochasticNode.Attached(drawn.Plus(soft - soft.detach()));
    }

    public void Dispose()
    {
        tau.Dispose();
        epsilon.Dispose();
    }

    private (Tensor Value, Tensor Soft) StraightThrough(Tensor scores, Tensor? mask)
    {
        var noise = Gumbel.Perturb(zeros_like(scores), generator);
        var soft = MaskedSoftmax(scores.Plus(noise) / tau, mask);
        return (OneHot(soft), soft);
    }

    private (Tensor Value, Tensor Soft) Conditional(Tensor scores, Tensor? mask, int count)
    {
        var logProbs = scores.log_softmax(-1);
        Tensor drawn, noise;
        using (no_grad())
        {
            drawn = OneHot(Gumbel.Perturb(MaskedSoftmax(scores, mask).log(), generator));
            noise = Gumbel.PerturbGiven(logProbs, drawn, count, generator) - logProbs;      // [K, B, n]
        }
        var soft = MaskedSoftmax(logProbs.Plus(noise) / tau, mask?.expand_as(noise));
        return (drawn, soft.mean([0]));
    }

    private Tensor MaskedSoftmax(Tensor logits, Tensor? mask)
    {
        var soft = logits.softmax(-1);
        if (mask is null) return soft;
        var kept = (soft * mask).Plus(epsilon);
        return kept / kept.sum(-1, keepdim: true);
    }

    private static Tensor OneHot(Tensor scores)
    {
        using var _ = no_grad();
        return nn.functional.one_hot(scores.argmax(-1), scores.shape[^1]).to(scores.dtype);
    }
}
