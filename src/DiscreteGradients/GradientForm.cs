namespace DiscreteGradients;

/// <summary>How the gradient of a drawn value travels to the logits. Both forms give the same numbers for the same noise.</summary>
public enum GradientForm
{
    /// <summary>The gradient is attached to the value: plain backpropagation of the cost carries it (App. A).</summary>
    Autograd,

    /// <summary>The value is a leaf; <see cref="SurrogateLoss"/> closes the gap with a surrogate term (App. B).</summary>
    Surrogate,
}
