using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A run keeps which data it was made on, wherever it is opened and wherever they are moved.</summary>
[Collection(nameof(InProcess))]
public sealed class MovedDataTests : IDisposable
{
    private static readonly string[] Small = ["--arity", "2", "--architecture", "linear", "--steps", "2", "--batch-size", "2", "--validation-samples", "2", "--quiet"];
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task OfAVae()
    {
        var (home, away) = (Folder("home"), Folder("away"));
        TestData.WriteAmat(folder.At("home/amat"));
        TestData.WriteAmat(folder.At("away/amat"), train: 20, valid: 7, test: 8);
        var run = folder.At("home/run");
        (await InProcess.Run(home, ["train", "vae", "--data", "amat", "--out", "run", .. Small])).Good();
        string[][] commands =
        [
            ["evaluate", run, "--samples", "2", "--json", "--quiet"],
            ["export", run, "--out", folder.At("weights"), "--json", "--quiet"],
            ["train", "vae", "--resume", run, "--json", "--quiet"],
            ["gradients", "vae", "--run", run, "--minibatches", "10", "--passes", "2", "--estimators", "st", "--reference", "none", "--quiet", "--json"],
        ];
        foreach (var command in commands)
        {
            var here = (await InProcess.Run(home, command)).Good();
            Assert.Equal(here, (await InProcess.Run(away, command)).Good());
            await Refused(away, "amat holds other data than those of the run: SHA-256 ", [.. command, "--data", "amat"]);
        }
        Directory.Move(folder.At("home/amat"), folder.At("moved"));
        foreach (var command in commands) await Refused(home, $"{folder.At("home/amat")}: no such directory", command);
        // The third of them writes where they are.
        foreach (var command in commands.SkipLast(1)) (await InProcess.Run(home, [.. command, "--data", "../moved"])).Good();
        foreach (var command in commands) (await InProcess.Run(away, command)).Good();
        Assert.Equal(folder.At("moved"), (string)JsonNode.Parse(File.ReadAllText(folder.At("home/run/settings.json")))!["data"]!);
        (await InProcess.Run(folder.FullPath, ["train", "vae", "--data", "moved", "--out", run, .. Small])).Good();
        await Refused(away, "amat holds other data than those of the run: SHA-256 ", ["train", "vae", "--data", "amat", "--out", run, .. Small]);
        await Refused(away, "holds a run of other settings", ["train", "vae", "--data", "../moved", "--out", run, .. Small, "--seed", "1"]);
    }

    [Fact]
    public async Task OfListOps()
    {
        var (home, away) = (Folder("home"), Folder("away"));
        var run = folder.At("home/run");
        (await InProcess.Run(home, ["data", "generate", "listops", "--out", "data", "--count", "300"])).Good();
        (await InProcess.Run(away, ["data", "generate", "listops", "--out", "data", "--count", "300", "--seed", "1"])).Good();
        (await InProcess.Run(home, ["train", "listops", "--data", "data", "--max-length", "5", "--epochs", "1", "--estimator", "st", "--out", "run", "--quiet"])).Good();
        string[] evaluate = ["evaluate", run, "--json", "--quiet"];
        var here = (await InProcess.Run(home, evaluate)).Good();
        Assert.Equal(here, (await InProcess.Run(away, evaluate)).Good());
        await Refused(away, "data holds other data than those of the run", [.. evaluate, "--data", "data"]);
        Directory.Move(folder.At("home/data"), folder.At("moved"));
        await Refused(home, "no such file or directory", evaluate);
        Assert.Equal(here, (await InProcess.Run(home, [.. evaluate, "--data", "../moved"])).Good());
        Assert.NotEqual(here, (await InProcess.Run(home, [.. evaluate, "--data", "../moved/train.tsv"])).Good());
        await Refused(away, "data holds other data than those of the run", ["train", "listops", "--resume", run, "--data", "data", "--quiet"]);
        (await InProcess.Run(home, ["train", "listops", "--resume", run, "--data", "../moved", "--quiet"])).Good();
        Assert.Equal(here, (await InProcess.Run(away, evaluate)).Good());
    }

    [Theory]
    [InlineData("[settings]\ndata = \"amat\"")]
    [InlineData("[[grid]]\ndata = [\"amat\"]")]
    public async Task OfASearch(string where)
    {
        var (home, away) = (Folder("home"), Folder("away"));
        TestData.WriteAmat(folder.At("home/amat"));
        TestData.WriteAmat(folder.At("away/amat"), train: 20, valid: 7, test: 8);
        File.WriteAllText(folder.At("spec.toml"), $$"""
            task = "vae"
            trials = 1
            random = { arity = { choice = [2] }, architecture = { choice = ["linear"] }, steps = { choice = [2] }, validation-samples = { choice = [1] }, batch-size = { choice = [2] } }
            evaluation = { selection-samples = 1, final-samples = 1 }
            {{where}}
            """);
        var at = folder.At("home/search");
        // Slurm's script is not handed on: the trial is left to a worker in this process.
        string[] search = ["search", folder.At("spec.toml"), "--out", at, "--launcher", "slurm", "--dry-run"];
        string[][] readers = [["status", at], ["table", "2", at]];
        string[][] all = [.. readers, ["figure", "2c", at], ["figure", "4", at], ["worker", at]];
        (await InProcess.Run(home, search)).Good();
        Assert.Equal(folder.At("home/amat"), (string)Kept()["path"]!);
        await Refused(away, "amat holds other data than those of the search: SHA-256 ", search);
        await Refused(away, "amat holds other data than those of the search: SHA-256 ", [.. search, "--data", "amat"]);
        foreach (var reader in readers)
        {
            (await InProcess.Run(away, reader)).Good();
            await Refused(away, "amat holds other data than those of the search: SHA-256 ", [.. reader, "--data", "amat"]);
        }
        Directory.Move(folder.At("home/amat"), folder.At("moved"));
        foreach (var reader in readers) (await InProcess.Run(away, reader)).Good();
        await Refused(away, $"{folder.At("home/amat")}: no such directory", ["worker", at]);
        TestData.WriteAmat(folder.At("home/amat"), train: 20, valid: 7, test: 8);
        foreach (var reader in all) await Refused(home, $"{folder.At("home/amat")} holds other data than those of the search", reader);
        foreach (var reader in readers) (await InProcess.Run(home, [.. reader, "--data", "../moved"])).Good();
        (await InProcess.Run(home, [.. search, "--data", "../moved"])).Good();
        Assert.Equal(folder.At("moved"), (string)Kept()["path"]!);
        (await InProcess.Run(away, ["worker", at])).Good();
        Assert.Contains("1 of 1 trials done", (await InProcess.Run(away, ["status", at])).Good().Output, StringComparison.Ordinal);

        JsonNode Kept() => JsonNode.Parse(File.ReadAllText(Path.Combine(at, "search.json")))!["data-sets"]!["amat"]!;
    }

    [Theory]
    [InlineData("status SEARCH --data x")]
    [InlineData("search SPEC --out SEARCH --launcher slurm --dry-run --data x")]
    public async Task OfASearchThatNamesNone(string command)
    {
        File.WriteAllText(folder.At("spec.toml"), SmallSearch.Spec(steps: 4, interval: 2));
        (await InProcess.Run(folder.FullPath, ["search", "spec.toml", "--out", "search", "--launcher", "slurm", "--dry-run"])).Good();
        await Refused(folder.FullPath, "--data says where the data of a search are now", [.. command.Replace("SEARCH", "search", StringComparison.Ordinal).Replace("SPEC", "spec.toml", StringComparison.Ordinal).Split(' ')]);
    }

    /// <summary>What was trained before the checksum was kept opens as it did.</summary>
    [Fact]
    public async Task OfARunWithoutAChecksum()
    {
        TestData.WriteAmat(folder.At("amat"));
        (await InProcess.Run(folder.FullPath, ["train", "vae", "--data", "amat", "--out", "run", .. Small])).Good();
        var settings = folder.At("run/settings.json");
        var old = JsonNode.Parse(File.ReadAllText(settings))!.AsObject();
        old.Remove("data-checksum");
        old["data"] = "amat";
        File.WriteAllText(settings, old.ToJsonString());
        (await InProcess.Run(folder.FullPath, ["evaluate", "run", "--samples", "2", "--quiet"])).Good();
        await Refused(Folder("away"), "--data amat: no such directory", ["evaluate", "../run", "--samples", "2", "--quiet"]);
        (await InProcess.Run(folder.At("away"), ["evaluate", "../run", "--data", "../amat", "--samples", "2", "--quiet"])).Good();
    }

    public void Dispose() => folder.Dispose();

    private string Folder(string name) => Directory.CreateDirectory(folder.At(name)).FullName;

    private static async Task Refused(string directory, string named, string[] words)
    {
        var outcome = await InProcess.Run(directory, words);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.BadInput, 1), (outcome.Code, outcome.Error.Count(c => c == '\n')));
    }
}
