using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The same command again with another setting: it finds a folder of its own, or says at once why not.</summary>
[Collection(nameof(InProcess))]
public sealed class RerunTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string[] Small => ["--data", run.Data, "--arity", "4", "--architecture", "linear", "--batch-size", "2", "--validation-samples", "2", "--quiet"];

    [Fact]
    public async Task AComparisonOfOtherSettingsHasAFolderOfItsOwn()
    {
        string[] compare = ["compare", .. Small, "--steps", "4"];
        const string made = "runs/compare-data-data-arity-4-architecture-linear-batch-size-2-steps-4-validation-samples-2";
        var first = (await Run(compare)).Good();
        Assert.True(File.Exists(folder.At($"{made}/report.html")));
        (await Run([.. compare, "--temperature", "0.3"])).Good();
        (await Run([.. compare, "--estimators", "st,gr"])).Good();
        Assert.Equal(3, Directory.GetDirectories(folder.At("runs")).Length);
        Assert.Equal(first, await Run(compare));
        Assert.Equal(3, Directory.GetDirectories(folder.At("runs")).Length);

        // What the name does not tell, a number does.
        TestData.WriteAmat(folder.At("other/data"), train: 20);
        (await Run([.. compare.Select(word => word == run.Data ? folder.At("other/data") : word)])).Good();
        Assert.True(File.Exists(folder.At($"{made}-2/report.html")));
    }

    [Fact]
    public async Task EveryFolderOfAComparisonIsLookedAtBeforeAnythingIsTrained()
    {
        (await Run(["train", "vae", .. Small, "--steps", "2", "--estimator", "gr", "--temperature", "0.3", "--out", "both/gr"])).Good();
        await Refused($"{folder.At("both/gr")} holds a run of other settings: temperature is 0.3 there and 0.5 here, validation-interval is 5000 there and 4000 here; "
            + "expected another --out, or the settings that are there to go on.", ["compare", .. Small, "--steps", "2", "--estimators", "st,gr", "--threads", "1", "--out", "both"]);
        Assert.False(Directory.Exists(folder.At("both/st")), "it was trained, or begun");
        using var held = RunFolder.Open(folder.At("held/gr"));
        await Refused($"{held.Path} is in use by another run; expected a folder of its own for each.", ["compare", .. Small, "--steps", "2", "--estimators", "st,gr", "--threads", "1", "--out", "held"]);
        Assert.False(File.Exists(folder.At("held/st/metrics.jsonl")), "it was trained");
    }

    [Fact]
    public async Task ATrainingOfOtherSettingsHasAFolderOfItsOwn_AndALongerOneGoesOn()
    {
        string[] train = ["train", "simplex", "--steps", "30", "--quiet"];
        (await Run(train)).Good();
        (await Run([.. train, "--temperature", "0.3", "--estimator", "st"])).Good();
        (await Run(["train", "simplex", "--steps", "50", "--quiet"])).Good();
        (await Run(["train", "simplex", "--steps", "20", "--quiet"])).Good();   // shorter than what is there
        Assert.Equal(["simplex-gr-mc-100", "simplex-gr-mc-100-2", "simplex-st-temperature-0.3"], Directory.GetDirectories(folder.At("runs")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal((50, 20), (Steps("runs/simplex-gr-mc-100"), Steps("runs/simplex-gr-mc-100-2")));
        (await Run("train", "simplex", "--resume", "runs/simplex-gr-mc-100", "--steps", "60", "--quiet")).Good();
        Assert.Equal(60, Steps("runs/simplex-gr-mc-100"));
        await Refused($"{folder.At("runs/simplex-gr-mc-100")} holds a run of other settings: steps is 60 there and 40 here; expected another --out, or steps 60 to go on.",
            "train", "simplex", "--steps", "40", "--out", "runs/simplex-gr-mc-100");
    }

    [Fact]
    public async Task ARunThatDivergedDoesNotBlockItsFolder()
    {
        string[] train = ["train", "vae", .. Small, "--steps", "4", "--out", "run"];
        Assert.Equal(ExitCode.Failed, (await Run([.. train, "--learning-rate", "1e38"])).Code);
        Assert.Equal(ExitCode.Failed, (await Run([.. train, "--learning-rate", "1e38"])).Code);
        (await Run(train)).Good();
        Assert.Contains("diverged", File.ReadAllText(folder.At("run/diverged/result.json")), StringComparison.Ordinal);
        (await Run(["compare", .. Small, "--steps", "4", "--estimators", "st,gr", "--learning-rate", "1e38", "--out", "both"])).Good();
        Assert.DoesNotContain("diverged", (await Run(["compare", .. Small, "--steps", "4", "--estimators", "st,gr", "--out", "both"])).Good().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASearchGoesOnWithoutItsLine()
    {
        Make("my search");
        foreach (var words in (string[][])[["--resume", folder.At("my search")], [folder.At("my search/search.json")], [folder.At("my search")]])
        {
            var outcome = (await InProcess.Run(folder.At("elsewhere"), ["search", .. words, "--quiet"])).Good();
            Assert.StartsWith("12 of 12 trials done", outcome.Output, StringComparison.Ordinal);
        }
        await Refused($"{folder.At("my search")} holds another search: settings.steps is 4 there and 5 here; expected another --out, or dgrad search --resume '{folder.At("my search")}' to go on with the one that is there.",
            "search", "spec.toml", "--out", "my search", "--steps", "5");
    }

    [Fact]
    public async Task AFigureGoesIntoTheFolderOfItsSearch_AndNoneIsReplacedWithoutAWord()
    {
        foreach (var name in (string[])["A", "B"])
        {
            Make(name);
            Assert.Equal("", (await Run("figure", "2c", name)).Good().Error);
            Assert.True(File.Exists(folder.At($"{name}/figure-2c.svg")));
        }
        (await Run("figure", "2c", "A", "--out", "figures")).Good();
        Assert.Equal($"{folder.At("figures/figure-2c")}.* was there and is replaced; it was made by: dgrad figure 2c A\n", (await Run("figure", "2c", "B", "--out", "figures")).Good().Error);
        (await Run("figure", "2c", folder.At("A") + "/", "--out", "slash")).Good();
        Assert.Equal("dgrad figure 2c A", FigureRecord.Read(folder.At("slash"), "2c")!.Command);
        Assert.StartsWith($"dgrad: {folder.At("spec.toml")} cannot be made: ", (await Run("figure", "2c", "A", "--out", "spec.toml")).Error, StringComparison.Ordinal);
        // Somebody's own file, which no record is beside.
        Directory.CreateDirectory(folder.At("others"));
        File.WriteAllText(folder.At("others/figure-2c.csv"), "mine");
        Assert.Equal($"{folder.At("others/figure-2c")}.* was there and is replaced\n", (await Run("figure", "2c", "B", "--out", "others")).Good().Error);
    }

    [Fact]
    public async Task AMeasurementOfOtherSettingsHasAFolderOfItsOwn()
    {
        string[] figure = ["figure", "2a", .. Small, "--steps", "12", "--estimators", "st-gs", "--passes", "2"];
        (await Run([.. figure, "--at", "4,8", "--minibatches", "10"])).Good();
        (await Run([.. figure, "--at", "4,8", "--minibatches", "20"])).Good();
        Assert.Equal(["figures", "figures-2"], Directory.GetDirectories(folder.At("runs")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        await Refused($"{folder.At("runs/figures/vae-4/run")} has no weights of step 6, which its training has passed; expected steps that its training kept, or another --out.",
            [.. figure, "--at", "6", "--minibatches", "10", "--out", "runs/figures"]);
        string[] study = ["gradients", "vae", "--run", folder.At("runs/figures/vae-4/run"), "--estimators", "st-gs", "--passes", "2", "--reference", "none", "--quiet", "--minibatches"];
        (await Run([.. study, "10"])).Good();
        (await Run([.. study, "20"])).Good();
        Assert.True(Directory.Exists(folder.At("runs/figures/vae-4/run/gradients-2/step-8")));
        (await Run("figure", "1", "--side", "4", "--draws", "40", "--rao-draws", "40", "--samples", "2", "--quiet")).Good();
        (await Run("figure", "1", "--side", "5", "--draws", "40", "--rao-draws", "40", "--samples", "2", "--quiet")).Good();
        Assert.True(File.Exists(folder.At("runs/figures-2/figure-1.csv")));
    }

    [Fact]
    public async Task AnEvaluationThatReplacesAnotherSaysSo()
    {
        var copy = run.Copy();
        var file = Path.Combine(copy, "evaluation-test.json");
        Assert.EndsWith($"{file}\n", (await Run("evaluate", copy, "--samples", "3")).Good().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("replaced", (await Run("evaluate", copy, "--samples", "3")).Good().Error, StringComparison.Ordinal);
        Assert.Matches($@"{file} is replaced: it had M = 3, seed 0, \d+\.\d+ nats\n", (await Run("evaluate", copy, "--samples", "4")).Good().Error);
        // Of another model, with the same samples.
        var there = JsonNode.Parse(File.ReadAllText(file))!;
        there["result"]!["bound"] = 1.5;
        File.WriteAllText(file, there.ToJsonString());
        Assert.Contains($"{file} is replaced: it had M = 4, seed 0, 1.500 nats\n", (await Run("evaluate", copy, "--samples", "4")).Good().Error, StringComparison.Ordinal);
        Assert.Matches(@"^test bound \d+\.\d\d\d nats \(M = 3, 1 images, ", (await Run("evaluate", copy, "--samples", "3", "--images", "1")).Good().Output);
        Assert.EndsWith("evaluation-test-2-images.json\n", (await Run("evaluate", copy, "--samples", "3", "--images", "2")).Good().Error, StringComparison.Ordinal);
        Assert.Contains("\"samples\": 4", File.ReadAllText(file), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Task<Dgrad.Outcome> Run(params string[] words) => InProcess.Run(folder.FullPath, words);

    private async Task Refused(string message, params string[] words) => Assert.Equal(new(ExitCode.BadInput, "", $"dgrad: {message}\n"), await Run(words));

    private int Steps(string path) => (int)JsonNode.Parse(File.ReadAllText(folder.At($"{path}/result.json")))!["steps"]!;

    /// <summary>A search of which every trial has ended, with its validations.</summary>
    private void Make(string name)
    {
        Directory.CreateDirectory(folder.At("elsewhere"));
        var spec = SearchSpec.Read(folder.Write("spec.toml", SmallSearch.Spec(steps: 4, interval: 2)));
        var search = SearchFolder.Create(folder.At(name), spec, SearchTasks.All);
        foreach (var trial in search.Trials)
        {
            Directory.CreateDirectory(search.PathOf(trial));
            File.WriteAllText(Path.Combine(search.PathOf(trial), "metrics.jsonl"), "{\"step\":2,\"validation-bound\":120}\n{\"step\":4,\"validation-bound\":110}\n");
            search.Write(trial, new TrialRecord { Status = RunStatus.Diverged, Steps = 4, Settings = trial.Settings, Version = "1" });
        }
    }
}
