using System.CommandLine;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>Ways to spend less on a search than its file says; the tables tell where they were used.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<int?> trials = new("--trials") { Description = "Trials a cell; a search that is there may be given more." };
    private readonly Option<int?> steps = new("--steps") { Description = "Training steps a trial." };
    private readonly Option<int?> selectionSamples = new("--selection-samples") { Description = "M of the bound that trials are selected by." };
    private readonly Option<int?> selectionExamples = new("--selection-examples") { Description = "Validation examples of it; 0 for all." };
    private readonly Option<int?> finalSamples = new("--final-samples") { Description = "M of the reported bounds." };
    private readonly Option<int?> finalExamples = new("--final-examples") { Description = "Examples of them; 0 for all." };
    private readonly Option<Halving?> halving = new Option<Halving?>("--halving")
    {
        Description = "Successive halving, RUNG,RUNG…:PART, as in 5000,15000:0.5: at these steps only that part of a cell's trials goes on.",
    }.By(Halving.Parse);

    private Option[] All => [trials, steps, selectionSamples, selectionExamples, finalSamples, finalExamples, halving];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
    }

    /// <summary>Whether any of them is given, so that the file is not all that the search is.</summary>
    public bool Gives(ParseResult parsed) => Array.Exists(All, option => parsed.GetResult(option) is not null);

    public SearchSpec Apply(ParseResult parsed, SearchSpec spec)
    {
        var settings = (JsonObject)spec.Settings.DeepClone();
        if (parsed.GetValue(steps) is { } given) settings["steps"] = given;
        return spec with
        {
            Trials = parsed.GetValue(trials) ?? spec.Trials,
            Settings = settings,
            Halving = parsed.GetValue(halving) ?? spec.Halving,
            Evaluation = spec.Evaluation with
            {
                SelectionSamples = parsed.GetValue(selectionSamples) ?? spec.Evaluation.SelectionSamples,
                SelectionExamples = parsed.GetValue(selectionExamples) ?? spec.Evaluation.SelectionExamples,
                FinalSamples = parsed.GetValue(finalSamples) ?? spec.Evaluation.FinalSamples,
                FinalExamples = parsed.GetValue(finalExamples) ?? spec.Evaluation.FinalExamples,
            },
        };
    }
}
