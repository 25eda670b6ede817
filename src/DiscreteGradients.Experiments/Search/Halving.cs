namespace DiscreteGradients.Experiments.Search;

/// <summary>Successive halving: at each rung the trials of a cell wait for each other, and only the best go on.</summary>
/// <param name="Rungs">Steps, ascending, below the full number.</param>
/// <param name="Keep">The part that goes on at each rung, in (0, 1); rounded up.</param>
internal sealed record Halving(IReadOnlyList<int> Rungs, double Keep)
{
    /// <summary>No rung: every trial goes on to its end.</summary>
    public static Halving None { get; } = new([], 1);

    /// <summary>Parses "5000,15000:0.5".</summary>
    /// <exception cref="InputException">It says something else.</exception>
    public static Halving Parse(string text)
    {
        var parts = text.Split(':');
        return parts is [{ Length: > 0 }, _]
            ? new(NumberText.ReadList<int>("halving's list of rungs", parts[0]),
                NumberText.Read<double>("halving's part that goes on", parts[1]))
            : throw new InputException(
                $"halving is {Quote.Of(text)}; expected the steps of the rungs and the part that goes on, as in 5000,15000:0.5.");
    }

    /// <exception cref="InputException">The rungs do not fit the run.</exception>
    public void Validate(int steps, int validationInterval)
    {
        if (Keep is not (> 0 and < 1))
            throw new InputException(Invariant($"halving keeps {Keep}; expected a part between 0 and 1."));
        var last = 0;
        foreach (var rung in Rungs)
        {
            if (rung <= last || rung >= steps || rung % validationInterval != 0)
                throw new InputException(
                    Invariant($"halving has a rung at {rung}; expected ascending multiples ")
                    + Invariant($"of the validation interval, {validationInterval}, below the {steps} steps."));
            last = rung;
        }
    }

    /// <summary>Gives how many of the trials that reached a rung go on: ⌈keep · reached⌉, at least one.</summary>
    public int Going(int reached) => Math.Max(1, (int)Math.Ceiling(Keep * reached - Rounding));

    /// <summary>Says how far the trials of a cell are expected to go on, where nobody knows yet which are best: those that a rung
    /// is to judge go on with the same chance.</summary>
    public IReadOnlyList<Prospect> Expect(IReadOnlyList<Standing> cell)
    {
        var chances = cell.Select(trial => trial.IsOpen ? 1.0 : 0).ToArray();
        var steps = new double[cell.Count];
        var from = 0.0;
        foreach (var rung in Rungs.Append(int.MaxValue))
        {
            for (var i = 0; i < cell.Count; i++)
                steps[i] += chances[i] * Math.Max(Math.Min(rung, cell[i].All) - Math.Max(from, cell[i].Done), 0);
            var judged = cell.Index().Where(trial => trial.Item.IsOpen && trial.Item.Done <= rung).Select(trial => trial.Index)
                .ToList();
            var arriving = judged.Sum(i => chances[i]);
            if (rung == int.MaxValue || arriving == 0) continue;
            var (past, ended) =
                (cell.Count(trial => trial.Done > rung), cell.Count(trial => !trial.IsOpen && trial.Done == rung));
            var going = Math.Ceiling(Keep * (past + ended + arriving) - Rounding) - past;
            foreach (var i in judged) chances[i] *= Math.Clamp(going / arriving, 0, 1);
            from = rung;
        }
        return [.. steps.Zip(chances, (expected, chance) => new Prospect(expected, chance))];
    }

    // Of a product, as 0.55 · 20 = 11 + 2e-15, or of a sum of chances.
    private const double Rounding = 1e-9;

    /// <summary>The progress of a trial.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="All">Steps of the full training.</param>
    /// <param name="IsOpen">Whether it has not ended.</param>
    internal readonly record struct Standing(double Done, int All, bool IsOpen);

    /// <summary>The training that is expected of a trial.</summary>
    /// <param name="Steps">The mean number of steps that it still does; 0 where it has ended.</param>
    /// <param name="Completes">The chance that it is trained to the end.</param>
    internal readonly record struct Prospect(double Steps, double Completes);
}

/// <summary>The score of a trial at a rung of successive halving: its rung-STEPS.json.</summary>
/// <param name="Validation">The validation while training.</param>
internal sealed record Rung(double Validation)
{
    /// <summary>Names the file in the trial's folder.</summary>
    public static string FileName(int steps) => Invariant($"rung-{steps}.json");
}
