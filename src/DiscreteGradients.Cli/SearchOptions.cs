using System.CommandLine;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli;

/// <summary>A search that is there, or several, of the commands that read its record.</summary>
internal sealed class SearchOptions(bool several = false)
{
    private readonly Argument<DirectoryInfo[]> folders = new("DIR")
    {
        Description = several ? "The folders of searches, which may still run." : "The folder of a search, which may still run.",
        Arity = several ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
    };
    private readonly Option<string?> data = Data();

    public static Option<string?> Data() => Options.Of<string?>("--data", "Where the data of the search are now.", "SET|DIR");

    public void AddTo(Command command)
    {
        command.Arguments.Add(folders);
        command.Options.Add(data);
    }

    /// <summary>The folders as they were given.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => parsed.GetValue(folders)!.Select(folder => $"{folder}");

    public SearchFolder Open(ParseResult parsed) => OpenAll(parsed).Single();

    public IReadOnlyList<SearchFolder> OpenAll(ParseResult parsed) =>
    [
        .. parsed.GetValue(folders)!
            .Select(folder => SearchFolder.Open(folder.FullName, SearchTasks.All, parsed.GetValue(data))),
    ];
}

/// <summary>Ways to spend less on a search than its file says; the tables tell where they were used.</summary>
internal sealed class BudgetOptions : SettingsOptions<SearchSpec>
{
    public BudgetOptions()
        : base(new() { Task = "" })   // the defaults are those of the search's file
    {
        Bind<int>("--trials", "Trials of each cell, in the place of the file's; a search that is there may be given more.",
            (s, v) => s with { Trials = v });
        Bind<int>("--steps", "Training steps of each trial, in the place of the file's.", WithSteps);
        Bind<int>("--selection-samples", "Samples M of the validation bound that trials of a VAE are selected by.",
            (s, v) => s with { Evaluation = s.Evaluation with { SelectionSamples = v } });
        Bind<int>("--selection-examples", "Validation examples of that bound; 0 for all.",
            (s, v) => s with { Evaluation = s.Evaluation with { SelectionExamples = v } });
        Bind<int>("--final-samples", "Samples M of the bounds of a VAE that are reported.",
            (s, v) => s with { Evaluation = s.Evaluation with { FinalSamples = v } });
        Bind<int>("--final-examples", "Examples of the reported bounds; 0 for all.",
            (s, v) => s with { Evaluation = s.Evaluation with { FinalExamples = v } });
        Bind<Halving>("--halving",
            "Successive halving, as in 5000,15000:0.5: at each of these steps only that part of a cell's trials goes on.",
            (s, v) => s with { Halving = v }).By(Halving.Parse).HelpName = "STEP,…:PART";
    }

    private static SearchSpec WithSteps(SearchSpec spec, int steps)
    {
        const string Key = "steps";
        if (spec.DeciderOf(Key) is { } decider)
            throw new InputException($"--steps has no effect: {decider} decides it for each trial; expected it nowhere else.");
        if (spec.IsInSomeCell(Key))
            throw new InputException(
                "--steps has no effect on some trials: the grid decides it for these; expected the steps in the file alone.");
        var settings = (JsonObject)spec.Settings.DeepClone();
        settings[Key] = steps;
        return spec with { Settings = settings };
    }
}
