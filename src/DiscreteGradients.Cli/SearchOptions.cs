using System.CommandLine;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>A search that is there, of the commands that read its record.</summary>
internal sealed class SearchOptions
{
    private readonly Argument<DirectoryInfo> folder = new("DIR") { Description = "A search's folder; the search may still run." };
    private readonly Option<string?> data = Data();

    public static Option<string?> Data() => new("--data") { Description = "Where the data of the search are now." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(folder);
        command.Options.Add(data);
    }

    /// <summary>The folder as it was given.</summary>
    public string Given(ParseResult parsed) => $"{parsed.GetValue(folder)}";

    public SearchFolder Open(ParseResult parsed) => SearchFolder.Open(parsed.GetValue(folder)!.FullName, SearchTasks.All, parsed.GetValue(data));
}

/// <summary>Ways to spend less on a search than its file says; the tables tell where they were used.</summary>
internal sealed class BudgetOptions : SettingsOptions<SearchSpec>
{
    public BudgetOptions()
    {
        Bind<int>("--trials", "Trials a cell; a search that is there may be given more.", (s, v) => s with { Trials = v });
        Bind<int>("--steps", "Training steps a trial.", (s, v) => s with { Settings = With(s.Settings, "steps", v) });
        Bind<int>("--selection-samples", "M of the bound that trials are selected by.", (s, v) => s with { Evaluation = s.Evaluation with { SelectionSamples = v } });
        Bind<int>("--selection-examples", "Validation examples of it; 0 for all.", (s, v) => s with { Evaluation = s.Evaluation with { SelectionExamples = v } });
        Bind<int>("--final-samples", "M of the reported bounds.", (s, v) => s with { Evaluation = s.Evaluation with { FinalSamples = v } });
        Bind<int>("--final-examples", "Examples of them; 0 for all.", (s, v) => s with { Evaluation = s.Evaluation with { FinalExamples = v } });
        Bind<Halving>("--halving", "Successive halving, RUNG,RUNG…:PART, as in 5000,15000:0.5: at these steps only that part of a cell's trials goes on.",
            (s, v) => s with { Halving = v }).By(Halving.Parse);
    }

    private static JsonObject With(JsonObject settings, string name, int value)
    {
        var all = (JsonObject)settings.DeepClone();
        all[name] = value;
        return all;
    }
}
