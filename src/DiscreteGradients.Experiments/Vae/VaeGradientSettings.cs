using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The settings of a study of the gradient of the inference network (App. D.2).</summary>
internal sealed record VaeGradientSettings
{
    /// <summary>The estimators that are measured, each compared with the one before.</summary>
    public IReadOnlyList<EstimatorName> Estimators { get; init; } =
        EstimatorName.ParseList("st,st-gs,gr-mc:10,gr-mc:100,gr-mc:1000");

    /// <summary>The temperatures τ that are measured.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0.5];

    /// <summary>Minibatches, at random; at least 10. The paper: 5000.</summary>
    public int Minibatches { get; init; } = 50;

    /// <summary>Independent forward passes of each; at least 2. The paper: 100.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>Images a minibatch.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>The reference of the biases.</summary>
    public GradientReference Reference { get; init; }

    /// <summary>Forward passes of the reference for each minibatch; 0 for no reference.</summary>
    public int ReferencePasses { get; init; } = 8;

    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public VaeGradientSettings Validated()
    {
        if (Estimators.Count == 0) throw new InputException("no estimator is named; expected a list such as st-gs,gr-mc:100.");
        if (Estimators.Distinct().Count() < Estimators.Count)
            throw new InputException("an estimator is named twice; expected each once.");
        foreach (var name in Estimators) name.Offered();
        if (Temperatures.Count == 0 || !Temperatures.All(EstimatorName.IsTemperature)
            || Temperatures.Distinct().Count() < Temperatures.Count)
            throw new InputException(
                Invariant($"temperatures is {NumberText.List(Temperatures)}; expected different finite numbers of at least 1e-36, with a decimal point."));
        Require(Minibatches >= 10, "minibatches", Minibatches, "at least 10");
        Require(Passes >= 2, "passes", Passes, "at least 2");
        Require(BatchSize >= 1, "batch-size", BatchSize, "at least 1");
        if (ReferencePasses != 0) Require(ReferencePasses >= 2, "reference-passes", ReferencePasses, "at least 2");
        return this;
    }
}

/// <summary>An unbiased estimator of the gradient, as a reference.</summary>
internal enum GradientReference
{
    /// <summary>The local expectation: few passes are enough.</summary>
    Local,

    /// <summary>REINFORCE with the mean of an image's other passes as baseline: some hundreds of passes.</summary>
    Reinforce,
}
