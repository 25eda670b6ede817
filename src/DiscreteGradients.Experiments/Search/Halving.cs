namespace DiscreteGradients.Experiments.Search;

/// <summary>Successive halving: at each rung the trials of a cell wait for each other, and only the best go on.</summary>
/// <param name="Rungs">Steps, ascending, below the full number.</param>
/// <param name="Keep">The part that goes on at each rung, in (0, 1); rounded up.</param>
internal sealed record Halving(IReadOnlyList<int> Rungs, double Keep)
{
    /// <summary>Parses "5000,15000:0.5".</summary>
    /// <exception cref="InputException">It says something else.</exception>
    public static Halving Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2
            ? new(NumberText.ReadList<int>("halving's list of rungs", parts[0]), NumberText.Read<double>("halving's part that goes on", parts[1]))
            : throw new InputException($"halving is {Quote.Of(text)}; expected the steps of the rungs and the part that goes on, as in 5000,15000:0.5.");
    }

    /// <exception cref="InputException">The rungs do not fit the run.</exception>
    public void Validate(int steps, int validationInterval)
    {
        if (Keep is not (> 0 and < 1)) throw new InputException(Invariant($"halving keeps {Keep}; expected a part between 0 and 1."));
        var last = 0;
        foreach (var rung in Rungs)
        {
            if (rung <= last || rung >= steps || rung % validationInterval != 0)
                throw new InputException(Invariant($"halving has a rung at {rung}; expected ascending multiples of the validation interval, {validationInterval}, below the {steps} steps."));
            last = rung;
        }
    }
}

/// <summary>Where a trial stood at a rung of successive halving: its rung-STEPS.json.</summary>
/// <param name="Validation">The validation while training.</param>
internal sealed record Rung(double Validation)
{
    /// <summary>Its file in the trial's folder.</summary>
    public static string FileName(int steps) => Invariant($"rung-{steps}.json");
}
