using DiscreteGradients.Backward;
using DiscreteGradients.Torch;
using static TorchSharp.torch;

namespace DiscreteGradients;

/// <summary>
/// <c>SampleOneHot</c> is the drop-in for gumbel_softmax in a model: one call, with the estimator of one's choice.
/// </summary>
/// <example>
/// <code>
/// var logits = zeros(20, 5, requires_grad: true);
/// var z = logits.SampleOneHot(new GumbelRaoExact(0.5));                   // was: gumbel_softmax(logits, tau: 0.5, hard: true)
/// var allowed = tensor(new[] { true, true, true, true, false });
/// var masked = logits.SampleOneHot(new GumbelRaoExact(0.5), new Generator(1), allowed);
/// </code>
/// </example>
public static class OneHotSampling
{
    /// <summary>
    /// Draws D ~ softmax(θ), one-hot, with the estimator's gradient attached: whatever is computed from the value, plain
    /// backpropagation reaches the logits. (With <see cref="GumbelSoftmax"/> the value is the relaxed S, not one-hot.)
    /// </summary>
    /// <param name="logits">θ, [..., n], float32 or float64; unnormalised log-probabilities, categories in the last axis.</param>
    /// <param name="estimator">Any that needs no score: all but <see cref="Reinforce"/>. With
    /// <see cref="GradientForm.Surrogate"/> the relaxation is attached to the value, which gives the same numbers.</param>
    /// <param name="generator">Source of all randomness, that of the backward pass included; null for torch's default
    /// generator. The same state gives the same bits.</param>
    /// <param name="mask">bool, broadcasts to the shape of the logits: true where the category may be drawn; null for
    /// all.</param>
    /// <returns>[..., n] in the dtype of the logits. Where a chain of draws is built from it, backpropagation through the
    /// whole chain is right too (eq. 21–26).</returns>
    /// <exception cref="ArgumentException">The estimator weighs the cost with a score and so needs
    /// <see cref="SurrogateLoss"/>; or the logits or the mask are not as described.</exception>
    public static Tensor SampleOneHot(
        this Tensor logits, IGradientEstimator estimator, Generator? generator = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        using var scope = NewDisposeScope();
        var node = estimator.Sample(new OneHotCategorical(logits, mask), generator);
        if (node.Score is not null)
        {
            throw new ArgumentException($"estimator is {estimator.GetType().Name}, whose gradient is the cost times a score; "
                + "expected one whose gradient travels with the value. Use estimator.Sample and SurrogateLoss instead.",
                nameof(estimator));
        }
        // The value stays what was drawn, bit for bit.
        var value = node.Relaxation is { } relaxation ? node.Value.detach().Plus(GradientOnly.Of(relaxation)) : node.Value;
        return value.MoveToOuterDisposeScope();
    }
}
