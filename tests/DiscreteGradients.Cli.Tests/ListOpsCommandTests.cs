using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The commands of ListOps: data, train, stop and go on, evaluate, parse.</summary>
[Collection(nameof(InProcess))]
public sealed class ListOpsCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task FromDataToATree()
    {
        var generated = (await Run("data", "generate", "listops", "--count", "1000", "--seed", "1", "--out", "data")).Good();
        Assert.Matches(@"^\S+train\.tsv: \d+ expressions\n\S+test\.tsv: \d+ expressions\n$", generated.Output);
        Assert.Contains("0 whose label is not the value", (await Run("data", "check", "data/test.tsv")).Good().Output, StringComparison.Ordinal);

        string[] train = ["train", "listops", "--data", "data", "--max-length", "6", "--estimator", "gr-mc:5", "--temperature", "0.1", "--learning-rate", "0.2", "--epochs", "6", "--checkpoint-seconds", "0.05", "--json"];
        var whole = JsonNode.Parse((await Run([.. train, "--quiet", "--out", "whole"])).Good().Output)!;
        Assert.Equal(("completed", "train.tsv"), ((string)whole["status"]!, (string)whole["data"]!));
        await StopAndGoOn(train);
        foreach (var name in new[] { "settings.json", "metrics.jsonl", "checkpoint/state.safetensors", "result.json" })
            Assert.True(File.ReadAllBytes(folder.At($"whole/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"parts/{name}"))), $"{name} differs");

        var test = JsonNode.Parse((await Run("evaluate", "whole", "--json", "--quiet")).Good().Output)!;
        Assert.Equal(File.ReadAllText(folder.At("whole/evaluation-test.json")), test.ToJsonString(Experiments.Runs.JsonText.Indented) + "\n");
        Assert.Equal((int)test["expressions"]!, (int)test["unseen-expressions"]!);
        var given = JsonNode.Parse((await Run("evaluate", "whole", "--data", "data/test.tsv", "--weights", "last", "--json", "--quiet")).Good().Output)!;
        Assert.Equal(((int)test["expressions"]!, "test.tsv", "last"), ((int)given["expressions"]!, (string)given["split"]!, (string)given["weights"]!));
        var valid = JsonNode.Parse((await Run("evaluate", "whole", "--split", "valid", "--json", "--quiet")).Good().Output)!;
        Assert.Equal((double)whole["best-accuracy"]!, (double)valid["accuracy"]!);

        var parsed = (await Run("parse", "whole", "[MAX 2 9 [MIN 4 7 ] 0 ]")).Good().Output.Split('\n');
        Assert.Matches("^model: [0-9] +true: 9$", parsed[0]);
        Assert.EndsWith("┬─┬─┬─┬─┬─── [MAX", parsed[1], StringComparison.Ordinal);
        Assert.Equal(2, parsed.Count(line => line.Contains("] ", StringComparison.Ordinal) || line.EndsWith(']')));
        Assert.Equal("svg", XDocument.Load(folder.At("whole/parse.svg")).Root!.Name.LocalName);
        var json = JsonNode.Parse((await Run("parse", "whole", "( ( ( [SM 9 ) 4 ) ] )", "--out", "tree.svg", "--json")).Good().Output)!;
        Assert.Equal((3, "( ( ( [SM 9 ) 4 ) ] )"), ((int)json["true-value"]!, (string)json["true-tree"]!));
        Assert.True(File.Exists(folder.At("tree.svg")));

        await Refused("the expression '[MAX 2': the expression is cut off after token 2; 1 more ']' expected.", "parse", "whole", "[MAX 2");
        await Refused("the expression has 1002 tokens; expected at most 1000.", "parse", "whole", $"[MAX {string.Join(' ', Enumerable.Repeat(3, 1000))} ]");
        await Refused($"--samples is for VAE runs; {folder.At("whole")} is none.", "evaluate", "whole", "--samples", "3");
        await Refused("--max-length is 7; the validation expressions of the run have at most 6 tokens; expected no more, or --split test.", "evaluate", "whole", "--split", "valid", "--max-length", "7");
        (await Run("evaluate", "whole", "--split", "valid", "--max-length", "6", "--quiet")).Good();
        await Refused("test.tsv has no expression of 2 to 3 tokens.", "evaluate", "whole", "--data", "data/test.tsv", "--max-length", "3", "--quiet");
    }

    [Fact]
    public async Task AnEvaluationOnAFileIsNoneOfASplit_AndOneThatReplacesAnotherSaysSo()
    {
        folder.Write("train.tsv", string.Concat(Enumerable.Range(0, 20).Select(i => $"9\t[MAX {i % 10} 9 ]\n")));
        foreach (var name in new[] { "a", "b" }) Directory.CreateDirectory(folder.At(name));
        folder.Write("a/valid", "9\t[MAX 2 9 ]\n");
        folder.Write("b/valid", "3\t[MIN 3 4 ]\n");
        (await Run("train", "listops", "--data", "train.tsv", "--max-length", "6", "--epochs", "1", "--estimator", "st", "--out", "run", "--quiet")).Good();
        (await Run("evaluate", "run", "--split", "valid", "--quiet")).Good();
        var ofSplit = File.ReadAllText(folder.At("run/evaluation-valid.json"));
        var file = folder.At("run/evaluation-file-valid.json");
        foreach (var weights in new[] { "best", "last", "best" })
        {
            var said = (await Run("evaluate", "run", "--data", "a/valid", "--weights", weights)).Good().Error;
            Assert.EndsWith(weights == "best" ? $"{file}\n" : "evaluation-file-valid-last.json\n", said, StringComparison.Ordinal);
            Assert.DoesNotContain("replaced", said, StringComparison.Ordinal);
        }
        Assert.Matches($@"{file} is replaced: it had accuracy \d+\.0 % \(1 expressions\)\n", (await Run("evaluate", "run", "--data", "b/valid")).Good().Error);
        Assert.Equal(ofSplit, File.ReadAllText(folder.At("run/evaluation-valid.json")));
    }

    [Fact]
    public async Task BadInputIsOneLine()
    {
        var path = folder.Write("bad.tsv", "0\t( ( ( [MIN 1 ) 0 ) ] )\n5\t( [MAX 5 )\n");
        await Refused($"{path}, line 2: the expression is cut off after token 2; 1 more ']' expected.", "train", "listops", "--data", path);
        await Refused("estimator 'gs' cannot be used for ListOps: a tree has no relaxed choices; expected reinforce, st, st-gs, gr-mc:K, gr, zgr, st2:λ or reinmax.", "train", "listops", "--estimator", "gs");
        await Refused("--data nowhere: no such file or directory; expected listops, a folder with train.tsv or train_d20s.tsv, or such a file", "train", "listops", "--data", "nowhere");
        await Refused("--count is 5; expected a whole number from 10 to 2000000. Try 'dgrad data generate --help'.", "data", "generate", "listops", "--count", "5");
        await Refused($"{folder.FullPath} is no run folder: it has no settings.json.", "parse", ".", "[MAX 2 ]");
    }

    public void Dispose() => folder.Dispose();

    private async Task StopAndGoOn(string[] train)
    {
        var stopped = await Dgrad.Interrupted(() => Dgrad.Start(folder.FullPath, [.. train, "--out", "parts"]), folder.At("parts"), "checkpoint/state.safetensors");
        Assert.Equal(130, stopped.Code);
        Assert.Matches(@"stopped at step \d+; go on with: dgrad train listops --resume \S+parts\n", stopped.Error);
        (await Run("train", "listops", "--resume", "parts", "--quiet")).Good();
    }

    private async Task Refused(string message, params string[] arguments) =>
        Assert.Equal(new(2, "", $"dgrad: {message}\n"), await Run(arguments));

    private Task<Dgrad.Outcome> Run(params string[] arguments) => InProcess.Run(folder.FullPath, arguments);
}
