namespace DiscreteGradients.Experiments.Vae;

/// <summary>A side-by-side training of several estimators: the same start, the same minibatches.</summary>
/// <param name="Estimators">At least one; each name once.</param>
/// <param name="Training">What they share; its estimator does not matter.</param>
internal sealed record ComparisonSettings(IReadOnlyList<EstimatorName> Estimators, VaeSettings Training)
{
    /// <summary>How often along training the variance is measured.</summary>
    public int Points { get; init; } = 4;

    /// <summary>Minibatches of each measurement.</summary>
    public int Minibatches { get; init; } = 10;

    /// <summary>Forward passes of each minibatch.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>M of the final bound on the validation set.</summary>
    public int BoundSamples { get; init; } = 500;

    /// <summary>Images of the final bound.</summary>
    public int BoundImages { get; init; } = 1000;

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names what is wrong.</exception>
    public ComparisonSettings Validated()
    {
        if (Estimators.Count == 0) throw new InputException("no estimator is named; expected a list such as st-gs,gr-mc:100.");
        if (Estimators.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"estimator '{twice.Key}' is named twice; expected each once.");
        foreach (var name in Estimators) (Training with { Estimator = name }).Validated();
        return this;
    }
}
