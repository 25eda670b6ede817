using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Search;

/// <summary>How trials are compared and what is reported of the best. The defaults are the paper's.</summary>
internal sealed record SearchEvaluation
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
        Check("selection-samples", SelectionSamples, 1, ImportanceBound.MostSamples);
        Check("final-samples", FinalSamples, 1, ImportanceBound.MostSamples);
        Check("selection-examples", SelectionExamples, 0, int.MaxValue);
        Check("final-examples", FinalExamples, 0, int.MaxValue);
        static void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most) throw new InputException(Invariant($"{name} is {value}; expected {least} to {most}.")) { Key = $"evaluation.{name}" };
        }
    }
}
