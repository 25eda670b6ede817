using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class CommandTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void JsonIsOneLine()
    {
        var result = Line(run.Output);
        Assert.Equal(("completed", 700), ((string)result["status"]!, (int)result["steps"]!));
        Assert.Equal(File.ReadAllText(Path.Combine(run.Path, "result.json")), result.ToJsonString(Indented) + "\n");
        Assert.InRange((double)result["validation-bound"]!, 50, 540);
    }

    [Fact]
    public async Task WithoutATerminal_ProgressIsPlainLines()
    {
        var outcome = (await Dgrad.Run(folder.FullPath, ["train", "vae", .. Short(), "--out", folder.At("run")])).Good().Error;
        Assert.DoesNotContain('\e', outcome);
        Assert.DoesNotContain('\r', outcome);
        Assert.Contains("step 0 of 30", outcome, StringComparison.Ordinal);
        Assert.Contains("step 30: validation bound", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheResultIsOnStandardOutput_ForPeopleOrAsJson()
    {
        var first = (await InProcess.Run(folder.FullPath, ["train", "vae", .. Short(), "--out", folder.At("run"), "--quiet"])).Good();
        Assert.Matches(@"^validation bound \d+\.\d\d nats \(M = 3\) after 30 steps; .*run\n$", first.Output);
        Assert.Equal("", first.Error);
    }

    [Fact]
    public async Task ALossThatIsNoNumberIsAFailure()
    {
        var outcome = await InProcess.Run(folder.FullPath, ["train", "vae", .. Short(), "--learning-rate", "1e38", "--out", folder.At("run"), "--json", "--quiet"]);
        Assert.Equal((1, ""), (outcome.Code, outcome.Error));
        Assert.Equal("diverged", (string)Line(outcome.Output)["status"]!);
    }

    /// <summary>A validation after each step, or none before the next loss.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("400")]
    public async Task ADivergedTrainingSaysTheLastStepThatWasDone(string interval)
    {
        var outcome = await InProcess.Run(folder.FullPath, ["train", "vae", .. Short().Select(word => word == "400" ? interval : word), "--learning-rate", "1e38", "--out", "run", "--quiet"]);
        var done = (int)JsonNode.Parse(File.ReadAllText(folder.At("run/result.json")))!["steps"]!;
        Assert.Equal(new(1, $"diverged after step {done}: the next loss, or the validation, is not a finite number; recorded in {folder.At("run")}\n", ""), outcome);
    }

    [Theory]
    [InlineData("s.toml", "arity = 16\nestimator = \"gs\"\nlearning-rate = 0.002\narchitecture = \"linear\"\nsteps = 3\nbatch-size = 2\n")]
    [InlineData("s.json", "{\"arity\": 16, \"estimator\": \"gs\", \"learning-rate\": 0.002, \"architecture\": \"linear\", \"steps\": 3, \"batch-size\": 2}")]
    public async Task SettingsComeFromAFile_AndOptionsOverrideThem(string name, string text)
    {
        var file = folder.Write(name, text);
        var outcome = await InProcess.Run(folder.FullPath, "train", "vae", "--settings", file, "--steps", "4", "--data", run.Data, "--quiet");
        outcome.Good();
        const string made = "runs/vae-gs-data-data-arity-16-architecture-linear-batch-size-2-learning-rate-0.002";
        var settings = JsonNode.Parse(File.ReadAllText(folder.At($"{made}/settings.json")))!;
        Assert.Equal(("gs", 0.002, "linear", 4, 2), ((string)settings["estimator"]!, (double)settings["learning-rate"]!, (string)settings["architecture"]!, (int)settings["steps"]!, (int)settings["batch-size"]!));
        // A run's own settings.json is a settings file, and gives the same run.
        var again = await InProcess.Run(folder.FullPath, "train", "vae", "--settings", folder.At($"{made}/settings.json"), "--out", folder.At("again"), "--quiet");
        again.Good();
        Assert.Equal(File.ReadAllBytes(folder.At($"{made}/metrics.jsonl")), File.ReadAllBytes(folder.At("again/metrics.jsonl")));
    }

    [Fact]
    public async Task EvaluateAndResults()
    {
        Directory.CreateDirectory(folder.At("results"));
        var copy = folder.At("results/one");
        Directory.Move(run.Copy(), copy);
        string[] evaluate = ["evaluate", copy, "--samples", "20", "--seed", "3", "--json", "--quiet"];
        var part = Line((await InProcess.Run(folder.FullPath, [.. evaluate, "--images", "2"])).Good().Output);
        Assert.Equal(2, (int)part["result"]!["images"]!);
        Assert.False(File.Exists(Path.Combine(copy, "evaluation-test.json")), "a part of the split is no record of it");
        Assert.Equal(part.ToJsonString(Indented) + "\n", File.ReadAllText(Path.Combine(copy, "evaluation-test-2-images.json")));
        var whole = (await InProcess.Run(folder.FullPath, evaluate)).Good();
        var (test, valid) = (Line(whole.Output), Line((await InProcess.Run(folder.FullPath, [.. evaluate, "--split", "valid", "--threads", "1"])).Good().Output));
        Assert.Equal(("test", 5, 20), ((string)test["split"]!, (int)test["result"]!["images"]!, (int)test["result"]!["samples"]!));
        Assert.Equal(("valid", 6), ((string)valid["split"]!, (int)valid["result"]!["images"]!));
        Assert.Equal(whole, await InProcess.Run(folder.FullPath, [.. evaluate, "--threads", "1"]));

        var table = (await InProcess.Run(folder.FullPath, "results", folder.At("results"))).Good();
        Assert.Equal("", table.Error);
        var row = Assert.Single(table.Output.Split('\n'), line => line.StartsWith("| gr-mc:5 | 4 | 4 |", StringComparison.Ordinal));
        Assert.EndsWith("|  |  | .amat files in data (30/6/5) |", row, StringComparison.Ordinal);
        (await InProcess.Run(folder.FullPath, "results", folder.At("results"), "--out", folder.At("results.md"))).Good();
        Assert.Equal(table.Output, File.ReadAllText(folder.At("results.md")));
    }

    [Fact]
    public async Task AnEvaluationIsOfTheSplitTheImagesTheSamplesAndTheSeedAskedFor()
    {
        var copy = run.Copy();
        string[] evaluate = ["evaluate", copy, "--split", "valid", "--images", "4", "--samples", "3", "--seed", "9", "--json",
            "--quiet"];
        var result = Line((await InProcess.Run(folder.FullPath, evaluate)).Good().Output)["result"]!;
        var (settings, data) = (RunFolder.ReadSettings<VaeSettings>(copy), new DataCatalog().Open(run.Data));
        using var model = VaeModel.OfRun(copy, settings, data);
        using var bound = new ImportanceBound(model);
        var expected = bound.Evaluate(data.Valid, count: 4, samples: 3, seed: 9, threads: 1);
        Assert.Equal((expected.Bound, expected.StandardError, expected.EffectiveSampleSize),
            ((double)result["bound"]!, (double)result["standard-error"]!, (double)result["effective-sample-size"]!));
        Assert.Equal((3, 4), ((int)result["samples"]!, (int)result["images"]!));
        // What is kept to go on from is gone with the end.
        Assert.Empty(Directory.EnumerateFiles(copy, "*.partial.jsonl"));
    }

    [Fact]
    public async Task MoreImagesThanThereAreAreTheWholeSplit()
    {
        var copy = run.Copy();
        (await InProcess.Run(folder.FullPath, "evaluate", copy, "--split", "valid", "--images", "1000000", "--samples", "2", "--quiet")).Good();
        Assert.True(File.Exists(BoundRecord.PathIn(copy, Split.Valid)));
        Assert.Empty(Directory.EnumerateFiles(copy, "*-images.json"));
    }

    [Fact]
    public async Task DataCommands()
    {
        Assert.Matches(@"^mnist .*\nbinarized-mnist .*\nlistops .*\n$", await Output("data", "list"));
        Assert.Contains("train     30 images", await Output("data", "check", run.Data), StringComparison.Ordinal);
        Assert.Equal("mnist is within the library; nothing to get\n", await Output("data", "get", "mnist"));

        async Task<string> Output(params string[] words)
        {
            var outcome = (await InProcess.Run(folder.FullPath, words)).Good();
            Assert.Equal("", outcome.Error);
            return outcome.Output;
        }
    }

    [Fact]
    public async Task VersionAndHelp()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]+)?\n$", (await Dgrad.Run(folder.FullPath, "--version")).Good().Output);
        var help = (await Dgrad.Run(folder.FullPath, "train", "vae", "--help")).Good();
        Assert.Contains("--estimator", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', help.Output);
        Assert.Equal("", help.Error);
        Assert.Equal("", (await InProcess.Run(folder.FullPath)).Good().Error);
        var alone = (await InProcess.Run(folder.FullPath)).Good().Output;
        Assert.Contains("Begin with:\n  dgrad compare\n", alone, StringComparison.Ordinal);
        Assert.Equal(alone, (await InProcess.Run(folder.FullPath, "--help")).Good().Output);
        // A page is shown whatever else is missing or wrong.
        Assert.Contains("Usage:\n  dgrad search [SPEC] [options]\n", (await InProcess.Run(folder.FullPath, "search", "--workers", "x", "--help")).Good().Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static System.Text.Json.JsonSerializerOptions Indented => new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Line(string output)
    {
        Assert.Equal(output.Length - 1, output.IndexOf('\n', StringComparison.Ordinal));
        return JsonNode.Parse(output)!.AsObject();
    }

    /// <summary>The options with 30 steps.</summary>
    private IEnumerable<string> Short() => run.Options.Select(word => word == "700" ? "30" : word);
}
