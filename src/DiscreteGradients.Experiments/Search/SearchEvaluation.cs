namespace DiscreteGradients.Experiments.Search;

/// <summary>How trials are compared and what is reported of the best. The defaults are the paper's.</summary>
public sealed record SearchEvaluation
{
    /// <summary>M of the validation bound that trials are selected by.</summary>
    public int SelectionSamples { get; init; } = 5000;

    /// <summary>Examples of the validation set used for it; 0 for all.</summary>
    public int SelectionExamples { get; init; }

    /// <summary>M of the bounds that are reported.</summary>
    public int FinalSamples { get; init; } = 5000;

    /// <summary>Examples of each split used for them; 0 for all.</summary>
    public int FinalExamples { get; init; }

    /// <summary>Whether every trial is put to the test set rather than the best of its cell.</summary>
    public bool FinalOfAll { get; init; }

    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public void Validate()
    {
        Check(SelectionSamples >= 1, "selection-samples", SelectionSamples, 1);
        Check(FinalSamples >= 1, "final-samples", FinalSamples, 1);
        Check(SelectionExamples >= 0, "selection-examples", SelectionExamples, 0);
        Check(FinalExamples >= 0, "final-examples", FinalExamples, 0);
        static void Check(bool good, string name, int value, int least)
        {
            if (!good) throw new InputException($"{name} is {value}; expected at least {least}.");
        }
    }
}
