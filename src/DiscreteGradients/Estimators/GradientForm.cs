namespace DiscreteGradients;

/// <summary>
/// The form of an estimator says how the gradient gets from a drawn value to the logits. Both forms give the same numbers for
/// the same noise, and draw the same noise from the same state of a generator. In float32 on the CPU there are two exceptions: of
/// the conditional noise of <see cref="GumbelRao"/> only the law is the same, and <see cref="GumbelRaoExact"/> agrees to 1e-5.
/// </summary>
/// <example>
/// <code>
/// var estimator = new GumbelRaoExact(0.5) { Form = GradientForm.Surrogate };
/// var logits = zeros(20, 5, requires_grad: true);
/// var node = estimator.Sample(new OneHotCategorical(logits));             // the value is a leaf
/// SurrogateLoss.Parallel(node.Value.sum(-1), [node]).mean().backward();
/// </code>
/// </example>
public enum GradientForm
{
    /// <summary>The gradient is attached to the value: plain backpropagation of the cost carries it (App. A).</summary>
    Autograd,

    /// <summary>The value is a leaf; <see cref="SurrogateLoss"/> closes the gap with a surrogate term (App. B).</summary>
    Surrogate,
}
