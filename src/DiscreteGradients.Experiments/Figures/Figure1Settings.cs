using static DiscreteGradients.Experiments.InputException;

namespace DiscreteGradients.Experiments.Figures;

/// <summary>Figure 1: the variance of ST-GS less that of GR-MCK over the simplex.</summary>
public sealed record Figure1Settings
{
    /// <summary>Points along a side of the triangle.</summary>
    public int Side { get; init; } = 40;

    /// <summary>τ of each map.</summary>
    public IReadOnlyList<double> Temperatures { get; init; } = [0.1, 0.5, 1.0];

    /// <summary>K of GR-MCK.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Whether GR itself, K → ∞, stands in the place of GR-MCK.</summary>
    public bool Exact { get; init; }

    /// <summary>Gradients of ST-GS drawn given each category, at each point and temperature.</summary>
    public int Draws { get; init; } = 40_000;

    /// <summary>Gradients of GR-MCK; its variance given the category is a K-th, so that fewer tell as much.</summary>
    public int RaoDraws { get; init; } = 1_000;

    /// <summary>Of the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public Figure1Settings Validated()
    {
        Require(Side is >= 3 and <= 400, "side", Side, "a number from 3 to 400");
        if (Temperatures.Count is < 1 or > 5 || Temperatures.Any(t => t is not (>= 0.01 and <= 10))) throw new InputException($"temperatures is {NumberText.List(Temperatures)}; expected one to five numbers from 0.01 to 10, with a decimal point.");
        Require(Samples >= 2, "samples", Samples, "at least 2");
        Require(Draws >= 20, "draws", Draws, "at least 20");
        Require(RaoDraws >= 20, "rao-draws", RaoDraws, "at least 20");
        return this;
    }
}
