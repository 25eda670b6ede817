namespace DiscreteGradients.Experiments.Vae;

/// <summary>How log q(D|x) − log p(D) enters the training objective.</summary>
public enum LogRatio
{
    /// <summary>Its expectation KL(q ‖ p), in closed form.</summary>
    Analytic,

    /// <summary>Its value at the sample, with the direct dependence on the logits: the literal f(D, θ) of App. D.2.</summary>
    Sampled,
}
