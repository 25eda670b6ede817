namespace DiscreteGradients;

/// <summary>How the gradient of a drawn value travels to the logits. Both forms give the same numbers for the same noise, and draw
/// the same noise from the same state of a generator; but for the conditional noise of <see cref="GumbelRao"/> in float32 on the
/// CPU, which has the same law in both.</summary>
public enum GradientForm
{
    /// <summary>The gradient is attached to the value: plain backpropagation of the cost carries it (App. A).</summary>
    Autograd,

    /// <summary>The value is a leaf; <see cref="SurrogateLoss"/> closes the gap with a surrogate term (App. B).</summary>
    Surrogate,
}
