using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Cli;
using DiscreteGradients.Experiments.Benchmarks;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>What this repository has recorded under results/ since its first version, with the readers of today. A copy is read,
/// because a search refreshes its index.</summary>
public sealed class RecordedResultsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string root;

    public RecordedResultsTests()
    {
        root = folder.At("results");
        WorkingTree.Copy("results", root);
    }

    [Fact]
    public void EveryFileIsRead()
    {
        var read = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).GroupBy(Read, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Count(), StringComparer.Ordinal);
        Assert.DoesNotContain("unknown", read.Keys);
        foreach (var kind in (string[])["settings", "result", "metrics", "evaluation", "search", "trial", "figure", "benchmark", "study"]) Assert.Contains(kind, read.Keys);
    }

    [Fact]
    public void EveryTrialOfASearchIsRead()
    {
        foreach (var spec in Directory.EnumerateFiles(root, SearchFolder.SpecName, SearchOption.AllDirectories))
        {
            var search = SearchFolder.Open(Path.GetDirectoryName(spec)!, SearchTasks.All);
            foreach (var trial in search.Trials) search.RunOf(trial);
            var states = SearchIndex.Load(search);
            // The draws of a search are for ever those that it was run with.
            Assert.All(states.Where(state => state.Record is not null), state => Assert.True(
                JsonNode.DeepEquals(state.Record!.Settings, state.Trial.Settings), $"{search.Path}: {state.Trial.Path}"));
            Assert.Equal(Count(search.Path, SearchFolder.RecordName), states.Count(state => state.Record is not null));
            Assert.Equal(Count(search.Path, SearchFolder.FinalName), states.Count(state => state.Final is not null));
        }
        static int Count(string path, string name) => Directory.EnumerateFiles(path, name, SearchOption.AllDirectories).Count();
    }

    [Fact]
    public void AResultIsWrittenAsItWasRead()
    {
        foreach (var file in Directory.EnumerateFiles(root, "result.json", SearchOption.AllDirectories))
        {
            object result = ListOpsRun.Is(Path.GetDirectoryName(file)!) ? JsonFile.Read<ListOpsTrainingResult>(file)! : JsonFile.Read<VaeTrainingResult>(file)!;
            Assert.Equal(File.ReadAllText(file), JsonSerializer.Serialize(result, JsonText.Indented) + "\n");
        }
    }

    [Fact]
    public void TheResultsDocumentIsMadeOfThem() =>
        Assert.Equal(Document("results.md"), ResultsDocument.Markdown(root, Wording.Dgrad, link: "../results")
            .Replace(Quote.Word(root), "results", StringComparison.Ordinal).Replace(root, "results", StringComparison.Ordinal));

    [Fact]
    public void ThePerformanceDocumentIsMadeOfThem() =>
        Assert.Equal(Document("performance.md"), PerformanceDocument.Markdown(PerformanceDocument.Read(Directory.EnumerateFiles(Path.Combine(root, "bench")).Order(StringComparer.Ordinal)), Wording.Dgrad));

    public void Dispose() => folder.Dispose();

    private static string Document(string name) => File.ReadAllText(Path.Combine(WorkingTree.Root, "docs", name));

    /// <summary>Reads a file and gives its kind.</summary>
    private static string Read(string file)
    {
        var (name, run) = (Path.GetFileName(file), Path.GetDirectoryName(file)!);
        var isListOps = File.Exists(Path.Combine(run, "settings.json")) && ListOpsRun.Is(run);
        switch (name)
        {
            case ListOpsTable.FindingsName or ResultsDocument.FindingsName:
                return "findings";
            case "settings.json" or "work.jsonl" when File.Exists(Path.Combine(run, "work.jsonl")):
                Assert.NotNull(VaeGradientStudy.Read(run, step: null, arity: 0));
                return "study";
            case "commands.jsonl":
                Assert.NotEmpty(CommandRecord.Read(run));
                return "commands";
            case "settings.json":
                if (isListOps) RunFolder.ReadSettings<ListOpsSettings>(run).Validated();
                else RunFolder.ReadSettings<VaeSettings>(run).Validated();
                return "settings";
            case "result.json":
                if (isListOps) JsonFile.Read<ListOpsTrainingResult>(file);
                else JsonFile.Read<VaeTrainingResult>(file);
                return "result";
            case "metrics.jsonl":
                MetricsLine.Read(run);
                return "metrics";
            case "timing.jsonl":
                Assert.NotEmpty(TimingLine.Read(run));
                return "timing";
            case SearchFolder.RecordName:
                JsonFile.Read<TrialRecord>(file);
                return "trial";
            case SearchFolder.FinalName:
                JsonFile.Read<FinalRecord>(file);
                return "trial";
            case SearchFolder.SpecName:
                JsonFile.Read<SearchSpec>(file)!.Validated();
                return "search";
        }
        if (name.StartsWith("evaluation-", StringComparison.Ordinal))
        {
            if (isListOps) JsonFile.Read<ListOpsAccuracy>(file);
            else JsonFile.Read<BoundRecord>(file);
            return "evaluation";
        }
        if (name.StartsWith("figure-", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
        {
            JsonFile.Read<FigureRecord>(file);
            return "figure";
        }
        if (Path.GetFileName(run) == "bench")
        {
            PerformanceDocument.Read([file]);
            return "benchmark";
        }
        // Pictures, tables for other programs, and a cache.
        return name == "index.jsonl" || Path.GetExtension(name) is ".csv" or ".png" ? "not read" : "unknown";
    }
}
