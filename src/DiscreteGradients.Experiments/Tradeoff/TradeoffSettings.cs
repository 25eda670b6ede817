using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Tradeoff;

/// <summary>What is measured of variance against time.</summary>
internal sealed record TradeoffSettings
{
    /// <summary>n, a panel each; see <see cref="TradeoffProblem"/>.</summary>
    public IReadOnlyList<int> Arities { get; init; } = [2, 8];

    /// <summary>By family in the order drawn.</summary>
    public IReadOnlyList<EstimatorName> Estimators { get; init; } = EstimatorName.ParseList(
        "reinforce,st,gs,st-gs,gr-mc:1,gr-mc:3,gr-mc:10,gr-mc:30,gr-mc:100,gr-mc:300,gr-mc:1000,gr");

    /// <summary>τ of all of them.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Gradients drawn of each.</summary>
    public int Draws { get; init; } = 300;

    /// <summary>Spent on timing each.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>The seed of the problem and the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public TradeoffSettings Validated()
    {
        if (Arities.Count is < 1 or > 3 || Arities.Except(TradeoffProblem.Arities).Any())
            throw new InputException($"arities is {string.Join(",", Arities)}; expected one to three of {string.Join(", ", TradeoffProblem.Arities)}.");
        if (Estimators.Count == 0) throw new InputException("estimators names none; expected a list such as st-gs,gr-mc:100.");
        foreach (var estimator in Estimators) estimator.Offered();
        Require(Temperature is >= 0.01 and <= 10, "temperature", Temperature, "a number from 0.01 to 10");
        Require(Draws >= 20, "draws", Draws, "at least 20");
        Require(Seconds > 0, "seconds", Seconds, "a number above 0");
        return this;
    }
}
