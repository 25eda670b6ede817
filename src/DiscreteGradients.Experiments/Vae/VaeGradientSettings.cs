namespace DiscreteGradients.Experiments.Vae;

/// <summary>What a study of the gradient of the inference network measures (App. D.2).</summary>
public sealed record VaeGradientSettings
{
    /// <summary>As <see cref="EstimatorSpec"/> names them.</summary>
    public IReadOnlyList<string> Estimators { get; init; } = ["st", "st-gs", "gr-mc:10", "gr-mc:100", "gr-mc:1000"];

    /// <summary>τ.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0.5];

    /// <summary>Minibatches, at random; at least 10. The paper: 5000.</summary>
    public int Minibatches { get; init; } = 50;

    /// <summary>Independent forward passes of each; at least 2. The paper: 100.</summary>
    public int Passes { get; init; } = 20;

    /// <summary>Images a minibatch.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>Forward passes of the REINFORCE reference for each minibatch; 0 for no reference.</summary>
    public int ReferencePasses { get; init; } = 200;

    /// <summary>Of the minibatches and the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public VaeGradientSettings Validated()
    {
        if (Estimators.Count == 0) throw new InputException("no estimator is named; expected a list such as st-gs,gr-mc:100.");
        if (Estimators.Distinct(StringComparer.Ordinal).Count() < Estimators.Count) throw new InputException("an estimator is named twice; expected each once.");
        foreach (var name in Estimators) EstimatorSpec.Parse(name).Offered();
        if (Temperatures.Count == 0 || !Temperatures.All(EstimatorSpec.IsTemperature) || Temperatures.Distinct().Count() < Temperatures.Count)
            throw new InputException(Invariant($"temperatures is {NumberText.List(Temperatures)}; expected different finite numbers of at least 1e-36, with a decimal point."));
        Least("minibatches", Minibatches, 10);
        Least("passes", Passes, 2);
        Least("batch-size", BatchSize, 1);
        if (ReferencePasses != 0) Least("reference-passes", ReferencePasses, 2);
        return this;
    }

    private static void Least(string name, int value, int least)
    {
        if (value < least) throw new InputException(Invariant($"{name} is {value}; expected at least {least}."));
    }
}
