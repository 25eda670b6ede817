using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>A real search of two cells with two trials each, that workers in this process run in a second.</summary>
internal static class SmallSearch
{
    private static readonly TrialOptions Options = new(1, TimeSpan.FromMinutes(1));

    public static SearchFolder Create(TemporaryFolder folder, string name = "search", int trials = 2, IReadOnlyDictionary<string, Func<ITrialTask>>? tasks = null)
    {
        if (!Directory.Exists(folder.At("data"))) TestData.WriteAmat(folder.At("data"));
        return SearchFolder.Create(folder.At(name), new SearchSpec
        {
            Task = "vae",
            Trials = trials,
            Settings = new JsonObject
            {
                ["data"] = folder.At("data"),
                ["architecture"] = "linear",
                ["steps"] = 6,
                ["batch-size"] = 2,
                ["validation-interval"] = 3,
                ["validation-images"] = 4,
                ["validation-samples"] = 1,
            },
            Grid = [new Dictionary<string, JsonNode[]>(StringComparer.Ordinal) { ["arity"] = [8, 2] }],
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal) { ["learning-rate"] = new() { Integers = [5, 50], Over = 10_000 } },
            Evaluation = new() { SelectionSamples = 2, SelectionExamples = 3, FinalSamples = 3, FinalExamples = 4 },
        }, tasks ?? SearchTasks.All);
    }

    public static void Run(SearchFolder search) => new SearchWorker(search, Options, waits: false).Run(TestContext.Current.CancellationToken);
}
