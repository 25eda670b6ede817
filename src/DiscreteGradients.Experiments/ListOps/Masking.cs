namespace DiscreteGradients.Experiments.ListOps;

/// <summary>How pairs that lie in the padding are kept from being chosen in training.</summary>
public enum Masking
{
    /// <summary>Their logits are excluded before any noise or softmax.</summary>
    Right,

    /// <summary>Flawed, for comparison only: softmax over all pairs, padding too, then times the mask plus 1e-20, as in
    /// the code of Choi et al. At low temperature every true pair can underflow; then the first pair is taken whatever
    /// the scores are.</summary>
    Reference,
}
