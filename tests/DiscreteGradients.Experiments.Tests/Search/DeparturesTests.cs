using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>Where a search departs from the paper's protocol, each way by itself.</summary>
public sealed class DeparturesTests
{
    private static readonly SearchSpec Vae = new() { Task = "vae", Settings = new JsonObject { ["data"] = "binarized-mnist" } };
    private static readonly SearchSpec ListOps = new() { Task = "listops", Trials = 5 };

    public static TheoryData<string, string> OfVae => new()
    {
        { "trials", "12 trials a cell (paper: 20)" },
        { "steps", "100 steps (paper: 50000)" },
        { "steps of the grid", "100, 50000 steps (paper: 50000)" },
        { "selection samples", "selection with M = 100 on all images (paper: M = 5000 on all)" },
        { "selection examples", "selection with M = 5000 on 300 images (paper: M = 5000 on all)" },
        { "final samples", "reported bounds with M = 1000 on all images (paper: M = 5000 on all)" },
        { "final examples", "reported bounds with M = 5000 on 200 images (paper: M = 5000 on all)" },
        { "data", "data mnist (paper: binarized-mnist)" },
        { "data of the grid", "data binarized-mnist, mnist (paper: binarized-mnist)" },
        { "data of that name", "data elsewhere (paper: binarized-mnist)" },
        { "halving", "successive halving at steps 5000, 15000, keeping 0.5 (paper: none)" },
    };

    [Theory, MemberData(nameof(OfVae))]
    public void OfTheVaeEachIsSaidByItself(string what, string departure)
    {
        var evaluation = Vae.Evaluation;
        var spec = what switch
        {
            "trials" => Vae with { Trials = 12 },
            "steps" => Vae with { Settings = new JsonObject { ["data"] = "binarized-mnist", ["steps"] = 100 } },
            "steps of the grid" =>
                Vae with { Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["steps"] = [50_000, 100] }] },
            "selection samples" => Vae with { Evaluation = evaluation with { SelectionSamples = 100 } },
            "selection examples" => Vae with { Evaluation = evaluation with { SelectionExamples = 300 } },
            "final samples" => Vae with { Evaluation = evaluation with { FinalSamples = 1000 } },
            "final examples" => Vae with { Evaluation = evaluation with { FinalExamples = 200 } },
            "data" => Vae with { Settings = [] },
            "data of the grid" => Vae with
            {
                Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["data"] = ["binarized-mnist", "mnist"] }],
            },
            "data of that name" => Vae with { DataSets = At("elsewhere", new('0', 64)) },
            _ => Vae with { Halving = new([5000, 15_000], 0.5) },
        };
        var task = SearchTasks.All["vae"]();
        Assert.Equal([departure], task.Departures(spec));
        Assert.Equal($"not the paper's protocol: {departure}", task.Protocol(spec));
        Assert.Equal("the paper's protocol", task.Protocol(Vae));
    }

    /// <summary>The checksum is that of the set that the catalogue names.</summary>
    [Fact]
    public void ThePapersDataAreThoseWhereverTheyLie() => Assert.Equal("the paper's protocol", SearchTasks.All["vae"]().Protocol(
        Vae with { DataSets = At("elsewhere", "565e93826a56bc24e9fa534f798d91eb92fbeb2bf345f57343a41a09d58fb21d") }));

    [Fact]
    public void OfListOpsEachIsSaidByItself()
    {
        var task = SearchTasks.All["listops"]();
        Assert.Equal("the paper's protocol", task.Protocol(ListOps));
        Assert.Equal(["1 seed a cell (paper: 5)"], task.Departures(ListOps with { Trials = 1 }));
        Assert.Equal(["4 seeds a cell (paper: 5)"], task.Departures(ListOps with { Trials = 4 }));
        Assert.Equal(["3 epochs (paper: 10)"], task.Departures(ListOps with { Settings = new JsonObject { ["epochs"] = 3 } }));
        Assert.Equal(["successive halving (paper: none)"], task.Departures(ListOps with { Halving = new([100], 0.5) }));
        Assert.Equal("not the paper's protocol: 3 epochs (paper: 10); 2 seeds a cell (paper: 5)",
            task.Protocol(ListOps with { Trials = 2, Settings = new JsonObject { ["epochs"] = 3 } }));
    }

    [Fact]
    public void OfListOpsTheEpochsOfAllTrialsAreSaid() => Assert.Equal(["3, 10 epochs (paper: 10)"],
        SearchTasks.All["listops"]().Departures(ListOps with
        {
            Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["epochs"] = [10, 3] }],
        }));

    // What has no effect on accuracies of all expressions is refused, each by its key.
    [Theory]
    [InlineData("selection-samples")]
    [InlineData("selection-examples")]
    [InlineData("final-samples")]
    [InlineData("final-examples")]
    public void OfListOpsNoNumberOfABoundIsTaken(string key)
    {
        var task = SearchTasks.All["listops"]();
        var evaluation = new SelectionProtocol();
        task.Check(evaluation with { FinalOfAll = true });
        var odd = key switch
        {
            "selection-samples" => evaluation with { SelectionSamples = 7 },
            "selection-examples" => evaluation with { SelectionExamples = 7 },
            "final-samples" => evaluation with { FinalSamples = 7 },
            _ => evaluation with { FinalExamples = 7 },
        };
        var error = Assert.Throws<InputException>(() => task.Check(odd));
        Assert.Equal(($"evaluation.{key}", $"{key} is 7; expected none: listops is scored on all expressions, without samples."),
            (error.Key, error.Message));
        SearchTasks.All["vae"]().Check(odd);
    }

    private static Dictionary<string, SearchData> At(string path, string checksum) =>
        new(StringComparer.Ordinal) { ["binarized-mnist"] = new(path, checksum) };
}
