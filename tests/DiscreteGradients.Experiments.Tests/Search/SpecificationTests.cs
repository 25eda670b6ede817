using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>Files of searches that say something else.</summary>
public sealed class SpecificationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("json", "{\"task\": \"vae\", \"random\": {\"momentum\": {\"choice\": [null]}}}", "line 1: random.momentum.choice[0] is null; expected a value.")]
    [InlineData("json", "{\"task\": \"vae\",\n\"random\": {\"momentum\": null}}", "line 2: random.momentum is null; expected keys with values.")]
    [InlineData("json", "{\"task\": \"vae\", \"grid\": [null]}", "line 1: grid[0] is null; expected keys with values.")]
    [InlineData("json", "{\"task\": \"vae\", \"grid\": [{\"arity\": null}]}", "line 1: grid[0].arity is null; expected a list.")]
    [InlineData("json", "{\"task\": \"vae\",\n\n\"halving\": {\"keep\": 0.5}}", "line 3: halving lacks rungs; expected a list.")]
    [InlineData("json", "{\"task\": \"vae\", \"trials\": 3,\n\"trials\": 4}", "line 2: trials is given twice, first on line 1; expected once.")]
    [InlineData("json", "{\"trials\": 3}", "it lacks task; expected text in quotes.")]
    [InlineData("json", "{\"task\": \"vae\",\n\"trails\": 3}", "line 2: there is no key 'trails'; did you mean 'trials'?")]
    [InlineData("json", "{\"task\": \"vae\",\n\"trials\": \"many\"}", "line 2: trials is \"many\"; expected a whole number.")]
    [InlineData("json", "{\"task\": \"vae\",\n\"evaluation\": {\"final-sample\": 3}}", "line 2: there is no key 'final-sample' in evaluation; did you mean 'final-samples'?")]
    [InlineData("json", "null", "there are no keys")]
    [InlineData("json", "", "it is empty.")]
    [InlineData("json", "{\n\n\"task\": }", "line 3: this is no JSON.")]
    [InlineData("toml", "task = \"vae\"\ntrials = 1\ntrials = 2\n", "line 3: trials is given twice, first on line 2; expected once.")]
    [InlineData("toml", "task = \"vae\"\n[settings]\narity = 2\n[settings]\n", "line 4: settings is given twice, first on line 2; expected once.")]
    [InlineData("toml", "task = \"vae\"\n[[grid]]\narity = [2]\n[[grid]]\narity = 4\n", "line 5: grid[1].arity is 4; expected a list.")]
    [InlineData("toml", "task = \"vae\"\n[random]\nmomentum = { uniform = [0, 1], unform = 3 }\n", "line 3: there is no key 'unform' in random.momentum; did you mean 'uniform'?")]
    [InlineData("toml", "task = \"vae\"\ntrials = = 3\n", "line 2: ")]
    [InlineData("toml", "task = \"vae\"\ntrials = 2147483647\n[[grid]]\narity = [2, 4]\n", "2147483647 trials of each of 2 cells are 4294967294; expected at most 100000 in all.")]
    [InlineData("toml", "task = \"vae\"\n[[grid]]\nsteps = [1,2,3,4,5,6,7,8,9,10]\nseed = [1,2,3,4,5,6,7,8,9,10]\narity = [1,2,3,4,5,6,7,8,9,10]\nbatch-size = [1,2,3,4,5,6,7,8,9,10]\nmomentum = [1,2]\n", "grid has 20000 cells; expected at most 10000.")]
    [InlineData("toml", "task = \"vae\"\n[[grid]]\narity = [2, 4]\n[[grid]]\narity = [8, 4]\n",
        "grid has the cell 'arity=4' twice; expected each once.")]
    [InlineData("toml", "task = \"vae\"\n[[grid]]\narity = [2, 4]\nbatch-size = [20]\n[[grid]]\nbatch-size = [20]\narity = [4]\n",
        "grid has the cell 'arity=4,batch-size=20' twice; expected each once.")]
    [InlineData("toml", "task = \"vae\"\n[[grid]]\narity = []\n", "grid has an empty list; expected at least one value each.")]
    [InlineData("toml", "task = \"vae\"\n[settings]\nseed = 7\n", "line 3: settings.seed has no effect: the seed of the search decides it for each trial; expected it nowhere else.")]
    [InlineData("toml", "task = \"vae\"\n[settings]\nsteps = 7\n[random]\nsteps = { choice = [8, 9] }\n", "line 3: settings.steps has no effect: [random] decides it for each trial; expected it nowhere else.")]
    [InlineData("toml", "task = \"vae\"\n[settings]\nsteps = 7\n[[grid]]\nsteps = [8, 9]\n", "line 3: settings.steps has no effect: the grid decides it for each trial; expected it nowhere else.")]
    [InlineData("json", "{\"task\": \"vae\", \"grid\": [{\"steps\": [8]}],\n\"random\": {\"steps\": {\"choice\": [7, 9]}}}", "line 2: random.steps has no effect: the grid decides it for each trial; expected it nowhere else.")]
    [InlineData("toml", "task = \"vae\"\n[random]\nmomentum = { uniform = [5, 50], over = 100 }\n",
        "line 3: random.momentum.over has no effect: integers alone are divided by it; expected none.")]
    [InlineData("json", "{\"task\": \"vae\",\n\"random\": {\"momentum\": {\"choice\": [5, 50],\n\"over\": 100}}}",
        "line 3: random.momentum.over has no effect: integers alone are divided by it; expected none.")]
    [InlineData("toml", "task = \"vae\"\n[halving]\nkeep = 0.5\nrungs = []\n",
        "line 4: halving.rungs is empty and stops no trial; expected a step at least, or no halving.")]
    public void OneLineNamesKeyAndLine(string ending, string text, string expected)
    {
        var path = folder.Write($"spec.{ending}", text);
        var message = Assert.Throws<InputException>(() => SearchSpec.Read(path)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        foreach (var foreign in new[] { "System.", "DiscreteGradients", "$.", "LineNumber", "\n" }) Assert.DoesNotContain(foreign, message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASettingHoldsWhereTheGridGivesNone_AndASeedMayBeInTheGrid()
    {
        var spec = SearchSpec.Read(folder.Write("spec.toml", "task = \"vae\"\ntrials = 1\n[settings]\nbatch-size = 20\n[[grid]]\nseed = [7]\n[[grid]]\nbatch-size = [5]\n"));
        Assert.Equal([20, 5], spec.AllTrials().Select(trial => (int)trial.Settings["batch-size"]!));
        Assert.Equal(7, (int)spec.AllTrials()[0].Settings["seed"]!);
    }

    /// <summary>It was begun before such settings were refused.</summary>
    [Fact]
    public void ASearchThatIsThereIsReadWithWhatHasNoEffect()
    {
        SearchFolder.Create(folder.At("search"), new SearchSpec { Task = "vae", Trials = 1, Settings = new() { ["seed"] = 7 } }, SearchTasks.All, TestContext.Current.CancellationToken);
        Assert.Single(SearchFolder.Open(folder.At("search"), SearchTasks.All).Trials);
        var idle = new SearchSpec
        {
            Task = "vae",
            Trials = 1,
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal)
            {
                ["momentum"] = new() { Uniform = [0, 1], Over = 2 },
            },
            Halving = new([], 0.5),
        };
        foreach (var spec in (SearchSpec[])[idle, idle with { Trials = 2 }])
            SearchFolder.Create(folder.At("idle"), spec, SearchTasks.All, TestContext.Current.CancellationToken);
        Assert.Equal(2, SearchFolder.Open(folder.At("idle"), SearchTasks.All).Trials.Count);
        Assert.Contains("settings.seed has no effect", Assert.Throws<InputException>(() => SearchSpec.Read(folder.At("search/search.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchThatIsThereMayBeGivenMoreTrials_AndNothingElse()
    {
        var spec = new SearchSpec { Task = "vae", Trials = 3 };
        Assert.Equal(3, Kept(spec));
        Assert.EndsWith("holds a search of 3 trials a cell; expected at least as many, not 2.",
            Assert.Throws<InputException>(() => Kept(spec with { Trials = 2 })).Message, StringComparison.Ordinal);
        Assert.Equal(5, Kept(spec with { Trials = 5 }));
        Assert.Contains("holds another search: seed is 0 there and 1 here; ",
            Assert.Throws<InputException>(() => Kept(spec with { Trials = 6, Seed = 1 })).Message, StringComparison.Ordinal);

        int Kept(SearchSpec asked)
        {
            SearchFolder.Create(folder.At("search"), asked, SearchTasks.All);
            return SearchFolder.Open(folder.At("search"), SearchTasks.All).Trials.Count;
        }
    }

    /// <summary>The folders of its trials are named in the order of the keys that it was begun with.</summary>
    [Fact]
    public void ASearchWhoseKeysStandInAnotherOrderGoesOnInItsTrials()
    {
        var begun = Created("{\"task\": \"vae\", \"trials\": 1, \"grid\": [{\"arity\": [2, 4], \"temperature\": [1]}]}");
        var other = Created("{\"trials\": 2, \"grid\": [{\"temperature\": [1.0], \"arity\": [2, 4]}], \"task\": \"vae\"}");
        foreach (var search in (SearchFolder[])[other, SearchFolder.Open(folder.At("search"), SearchTasks.All)])
        {
            Assert.Equal(["arity=2,temperature=1", "arity=4,temperature=1"], search.Spec.Cells().Select(cell => cell.Name));
            Assert.Equal(begun.Trials.Select(Text), search.Trials.Where(trial => trial.Index == 0).Select(Text));
            Assert.Equal(4, search.Trials.Count);
        }

        SearchFolder Created(string text) =>
            SearchFolder.Create(folder.At("search"), SearchSpec.Read(folder.Write("spec.json", text)), SearchTasks.All);
        static string Text(Trial trial) => trial.Path + trial.Settings.ToJsonString();
    }

    // It is the name of a folder.
    [Fact]
    public void ACellHasANameOfAtMost200Bytes_WithNoneThatAPathHas()
    {
        Assert.Equal(200, Of(new string('a', 195)).Validated().Cells()[0].Name.Length);
        foreach (var data in (string[])[new('a', 196), new('é', 98)])
        {
            Assert.EndsWith("has a name of 201 bytes; expected at most 200, for it is a folder's.",
                Assert.Throws<InputException>(Of(data).Validated).Message, StringComparison.Ordinal);
        }
        Assert.Equal("data=a-b-c-d", Of("a/b\\c:d").Cells()[0].Name);
        Assert.Equal("all", new SearchSpec { Task = "vae" }.Cells()[0].Name);

        static SearchSpec Of(string data) => new()
        {
            Task = "vae",
            Trials = 1,
            Grid = [new Dictionary<string, System.Text.Json.Nodes.JsonNode[]>(StringComparer.Ordinal) { ["data"] = [data] }],
        };
    }

    // A search that was begun when there was such an estimator is still read.
    [Fact]
    public void NoSearchIsBegunOfAnEstimatorThatIsNoLongerOffered()
    {
        var spec = new SearchSpec { Task = "vae", Trials = 1, Settings = new() { ["estimator"] = "st" } };
        SearchFolder.Create(folder.At("search"), spec, SearchTasks.All, TestContext.Current.CancellationToken);
        var path = folder.At("search/search.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"st\"", "\"gr-qmc:4\"", StringComparison.Ordinal));
        Assert.Equal("gr-qmc:4", $"{SearchFolder.Open(folder.At("search"), SearchTasks.All).Trials[0].Settings["estimator"]}");
        Assert.Contains("'gr-qmc:4' is no longer offered", Assert.Throws<InputException>(() =>
            SearchFolder.Create(folder.At("other"), SearchFolder.Read(folder.At("search")), SearchTasks.All)).Message,
                StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("other")));
    }

    [Fact]
    public void OneCellMayHaveAsManyTrialsAsAnySearch()
    {
        Assert.Equal(100_000, new SearchSpec { Task = "vae", Trials = 100_000 }.Validated().Trials);
        Assert.Throws<InputException>(new SearchSpec { Task = "vae", Trials = 100_001 }.Validated);
    }

    [Fact]
    public void HalvingIsCheckedForEveryTrial_AndEveryTrialIsPlannedByItself()
    {
        var spec = new SearchSpec
        {
            Task = "vae",
            Trials = 1,
            Settings = new() { ["validation-interval"] = 10 },
            Grid = [new Dictionary<string, System.Text.Json.Nodes.JsonNode[]>(StringComparer.Ordinal) { ["steps"] = [100, 20] }],
        };
        var message = Assert.Throws<InputException>(() => SearchFolder.Create(folder.At("halved"), spec with { Halving = new([50], 0.5) }, SearchTasks.All, TestContext.Current.CancellationToken)).Message;
        Assert.Contains("below the 20 steps", message, StringComparison.Ordinal);
        var search = SearchFolder.Create(folder.At("search"), spec, SearchTasks.All, TestContext.Current.CancellationToken);
        Assert.Equal(120, SearchSummary.Of(search).Work!.Left);
    }

    [Fact]
    public void AHugeGridStops()
    {
        var values = Enumerable.Range(1, 100).Select(i => (System.Text.Json.Nodes.JsonNode)i).ToArray();
        var spec = new SearchSpec { Task = "vae", Trials = 10, Grid = [new Dictionary<string, System.Text.Json.Nodes.JsonNode[]>(StringComparer.Ordinal) { ["steps"] = values, ["batch-size"] = values }] };
        Assert.Throws<OperationCanceledException>(() => SearchFolder.Create(folder.At("search"), spec, SearchTasks.All, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(folder.At("search")));
    }

    [Fact]
    public void TheTimeLeftNeedsNoDataOnceTheSearchHasThem()
    {
        File.WriteAllLines(folder.At("train.tsv"), Enumerable.Range(0, 20).Select(i => $"{i % 10}\t( ( [MAX {i % 10} ) ] )"));
        var spec = new SearchSpec { Task = "listops", Trials = 2, Settings = new() { ["data"] = folder.At("train.tsv"), ["epochs"] = 3, ["batch-size"] = 6 }, Halving = new([3], 0.5) };
        SearchFolder.Create(folder.At("search"), spec, SearchTasks.All, TestContext.Current.CancellationToken);
        File.Delete(folder.At("train.tsv"));
        // One of the two trials of 9 steps will end at step 3.
        Assert.Equal(9 + 3, SearchSummary.Of(SearchFolder.Open(folder.At("search"), SearchTasks.All)).Work!.Left);
        File.WriteAllText(folder.At("search/plans.json"), "[]");
        Assert.Null(SearchSummary.Of(SearchFolder.Open(folder.At("search"), SearchTasks.All)).Work);
    }

    /// <summary>The sizes that are kept are a cache: what cannot be one is found anew.</summary>
    [Theory]
    [InlineData("\"steps\": 40", "\"steps\": 0")]
    [InlineData("\"validation-interval\": 10", "\"validation-interval\": 0")]
    public void ATrialOfNoStepIsPlannedAgain(string sound, string damaged)
    {
        var spec = new SearchSpec { Task = "vae", Trials = 2, Settings = new() { ["steps"] = 40, ["validation-interval"] = 10 } };
        var search = SearchFolder.Create(folder.At("search"), spec, SearchTasks.All, TestContext.Current.CancellationToken);
        search.Plan(search.Trials[0]);
        search.Plans.Save();
        var kept = File.ReadAllText(folder.At("search/plans.json"));
        Assert.Contains(sound, kept, StringComparison.Ordinal);
        File.WriteAllText(folder.At("search/plans.json"), kept.Replace(sound, damaged, StringComparison.Ordinal));
        var again = SearchFolder.Open(folder.At("search"), SearchTasks.All);
        Assert.Equal(new TrialPlan(40, 10), again.Plan(again.Trials[0]));
    }

    public void Dispose() => folder.Dispose();
}
