namespace DiscreteGradients.Experiments.Vae;

/// <summary>The networks on both sides of the code (docs/vae-architecture.md says how they compare).</summary>
public enum VaeArchitecture
{
    /// <summary>784-512-256-logits and 240-256-512-784, leaky ReLU of slope 0.1, torch's default initialisation. The default.</summary>
    Deep,

    /// <summary>784-240-240-logits and 240-240-240-784, tanh, Glorot initialisation, output bias from the pixel means: the
    /// nonlinear model of the Concrete-distribution paper.</summary>
    Tanh,

    /// <summary>One affine map each way, Glorot initialisation, output bias from the pixel means.</summary>
    Linear,
}
